"""Test cases that mostly wait, several at a time. Each must have all it uses to itself."""
import concurrent.futures, sys, time, traceback, unittest


def cases_of(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite): yield from cases_of(each)
        else: yield each


def run_alone(case):
    result, begun = unittest.TestResult(), time.time()
    try: case.run(result)
    except Exception: result.errors.append((case, traceback.format_exc()))
    return result, time.time() - begun


def main(at_once=6):
    """The cases of the calling program, or those its arguments name; ends it."""
    loader, module = unittest.defaultTestLoader, sys.modules["__main__"]
    names = sys.argv[1:]
    cases = list(cases_of(loader.loadTestsFromNames(names, module) if names else loader.loadTestsFromModule(module)))
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        for case, (result, seconds) in zip(cases, pool.map(run_alone, cases)):
            wrong = result.errors + result.failures
            skipped = "".join(why for _, why in result.skipped)
            said = "FAILED" if wrong else "skipped: " + skipped if skipped else "ok"
            print(f"{seconds:6.1f} s  {case._testMethodName.removeprefix('test_').replace('_', ' ')}: {said}")
            for _, trace in wrong: print(trace)
            bad += bool(wrong)
    print(f"{len(cases)} cases, {bad} failed", flush=True)
    sys.exit(1 if bad or not cases else 0)
