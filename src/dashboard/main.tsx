import "uplot/dist/uPlot.min.css";
import "./app.css";
import { render } from "preact";
import { followAddress, screen } from "./data/place.ts";
import { startViews } from "./data/views.ts";
import { screens } from "./screens/list.ts";
import { followEpochs } from "./shell/epochs.ts";
import { followFeeds } from "./shell/feed.ts";
import { Header } from "./shell/header.tsx";
import { Help } from "./shell/help.tsx";
import { listen } from "./shell/keys.ts";
import { followMoment } from "./shell/moment.ts";
import { Notices } from "./shell/notices.tsx";
import { Scrubber } from "./shell/scrubber.tsx";
import { standing } from "./shell/standing.ts";
import { WhyPanel } from "./shell/why.tsx";

function Page() {
  const shown = screens.find(({ id }) => id === screen.value) ?? screens[0];
  if (!shown) return null;
  return (
    <>
      <Header />
      <div class="body">
        <main class={standing.value} tabIndex={-1} aria-label={shown.title}>
          <h1 class="unseen">{shown.title}</h1>
          <Notices />
          <shown.View key={shown.id} />
        </main>
        <WhyPanel />
      </div>
      <Scrubber />
      <Help />
    </>
  );
}

followAddress();
followMoment();
followEpochs();
followFeeds();
startViews();
listen();
render(<Page />, document.body);
