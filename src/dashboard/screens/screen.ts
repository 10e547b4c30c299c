import type { FunctionComponent } from "preact";

/** A screen: its key, its name in the address, its name for people, and what it draws. */
export interface Screen {
  key: string;
  id: string;
  title: string;
  View: FunctionComponent;
}
