import { Component, type ReactNode } from "react";
import { Failure } from "@/ui/states/States";

/** Keeps the menu when a page fails: also when its code cannot be loaded because the server was updated. */
export class Broken extends Component<{ children: ReactNode }, { problem: unknown }> {
  override state = { problem: null as unknown };

  static getDerivedStateFromError(problem: unknown) {
    return { problem };
  }

  override render() {
    const { problem } = this.state;
    if (problem === null) return this.props.children;
    // Browsers each have words of their own for a script that is not there any more.
    const gone = problem instanceof TypeError && /import|module|loading/i.test(problem.message);
    const said = gone ? new Error("The code of this page is not there: the server was updated, or is away.") : problem;
    return <Failure problem={said} onRetry={() => window.location.reload()} />;
  }
}
