import { useParams } from "wouter";
import { type Shared, type TileInsight, useShared } from "@/api/dashboards";
import type { QueryAnswer } from "@/api/query";
import { type Project, ProjectProvider } from "@/api/session";
import { StillGrid } from "@/features/dashboards/BoardGrid";
import styles from "@/features/dashboards/dashboards.module.css";
import { type DrawnQuery, InsightAnswer } from "@/ui/insights/InsightAnswer";
import { insightName } from "@/ui/insights/names";
import { Logo } from "@/ui/Logo";
import { Markdown } from "@/ui/Markdown";
import { Page, Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";

/** What a secret link shows: one dashboard or one insight, to anybody, without signing in. */
export default function SharedPage() {
  const { token } = useParams<{ token: string }>();
  const asked = useShared(token);
  if (!asked.data) {
    return (
      <Page title="Shared">
        <Panel>
          {asked.error ? <Failure problem={asked.error} onRetry={() => asked.refetch()} /> : <Loading lines={12} />}
        </Panel>
      </Page>
    );
  }
  // Charts ask for the project's time zone, and for nothing else of it.
  const project = { id: 0, timezone: asked.data.timezone } as Project;
  return (
    <ProjectProvider project={project}>
      <Content shared={asked.data} />
    </ProjectProvider>
  );
}

function Content({ shared: { dashboard, insight, timezone } }: { shared: Shared }) {
  const foot = (
    <footer className={styles.sharedFoot}>
      <Logo /> Leanbase · time zone {timezone}
    </footer>
  );
  if (insight) {
    return (
      <Page title={insightName(insight)} about={insight.description || undefined}>
        <Panel padded>
          <Answer insight={insight} height={460} />
        </Panel>
        {foot}
      </Page>
    );
  }
  const tiles = dashboard?.tiles ?? [];
  return (
    <Page title={dashboard?.name || "Dashboard"} about={dashboard?.description || undefined}>
      {tiles.length === 0 ? (
        <Panel>
          <Empty title="This dashboard is empty" />
        </Panel>
      ) : (
        <StillGrid tiles={tiles}>
          {(tile) =>
            tile.insight ? (
              <section className={styles.card} aria-label={insightName(tile.insight)}>
                <header className={styles.head}>
                  <h2 title={tile.insight.description || undefined}>{insightName(tile.insight)}</h2>
                  {tile.insight.last_refresh ? (
                    <small>
                      <Time at={tile.insight.last_refresh} form="ago" />
                    </small>
                  ) : null}
                </header>
                <div className={styles.body}>
                  <Answer insight={tile.insight} height="fill" />
                </div>
              </section>
            ) : (
              <section className={styles.card} aria-label="Text">
                <div className={`${styles.body} ${styles.flat}`}>
                  <Markdown text={tile.text?.body ?? ""} />
                </div>
              </section>
            )
          }
        </StillGrid>
      )}
      {foot}
    </Page>
  );
}

function Answer({ insight, height }: { insight: TileInsight; height: number | "fill" }) {
  const query = (insight.query?.source ?? insight.query) as DrawnQuery | undefined;
  if (!query || insight.result === null || insight.result === undefined) {
    return <Empty title="This insight cannot be shown">{insight.error ?? "It has no answer yet."}</Empty>;
  }
  const answer = { ...insight, results: insight.result } as unknown as QueryAnswer<unknown>;
  return <InsightAnswer query={query} answer={answer} height={height} />;
}
