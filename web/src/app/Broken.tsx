import { Component, type ReactNode } from "react";
import { Failure } from "@/ui/states/States";

/** Keeps the menu when a page fails: also when its code cannot be loaded because the server was updated. */
export class Broken extends Component<{ children: ReactNode }, { problem: unknown }> {
  override state = { problem: null as unknown };

  static getDerivedStateFromError(problem: unknown) {
    return { problem };
  }

  override render() {
    if (this.state.problem === null) return this.props.children;
    return <Failure problem={this.state.problem} onRetry={() => window.location.reload()} />;
  }
}
