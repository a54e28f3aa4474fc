import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { Redirect, Route, Switch, useLocation, useParams, useRouter } from "wouter";
import { ApiError } from "@/api/client";
import { ask } from "@/api/query";
import { type Project, ProjectProvider, useProjectSettings, useProjects, useUser } from "@/api/session";
import { Broken } from "@/app/Broken";
import { beginPage, PAGES } from "@/app/pages";
import { Shell } from "@/app/Shell";
import { Page } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";

const InvitePage = lazy(() => import("@/features/sign-in/InvitePage"));
const SignInPage = lazy(() => import("@/features/sign-in/SignInPage"));
const SharedPage = lazy(() => import("@/features/dashboards/SharedPage"));
const LAST_PROJECT = "leanbase.project";

export function Routes() {
  return (
    <Suspense fallback={null}>
      <Switch>
        <Route path="/login" component={SignInPage} />
        <Route path="/shared/:token" component={SharedPage} />
        <Route path="/invite/:secret" component={InvitePage} />
        <Route path="/project/:projectId/*?" component={SignedIn} />
        <Route component={Home} />
      </Switch>
    </Suspense>
  );
}

/** "/" leads to the project that was looked at last. */
function Home() {
  const [location] = useLocation();
  const projects = useProjects();
  const last = Number(localStorage.getItem(LAST_PROJECT));
  if (projects.error instanceof ApiError && projects.error.status === 401) return <Redirect to="/login" replace />;
  if (projects.error) return <Failure problem={projects.error} onRetry={() => projects.refetch()} />;
  if (!projects.data) return null;
  if (location !== "/") return <Nowhere />;
  const chosen = projects.data.find((project) => project.id === last) ?? projects.data[0];
  if (!chosen) return <Empty title="No project">This account sees no project. Ask an admin to add you to one.</Empty>;
  return <Redirect to={`/project/${chosen.id}`} replace />;
}

function SignedIn() {
  const { projectId } = useParams<{ projectId: string }>();
  const [location] = useLocation();
  const queries = useQueryClient();
  const { parser } = useRouter();
  const user = useUser();
  const projects = useProjects();
  const id = Number(projectId);
  const known = projects.data?.find((project) => project.id === id);
  const settings = useProjectSettings(id);
  const problem = user.error ?? projects.error ?? settings.error;

  // biome-ignore lint/correctness/useExhaustiveDependencies: only the first page waits for anything else than itself
  useEffect(() => beginPage(queries, parser, location), []);
  useEffect(() => {
    if (known) localStorage.setItem(LAST_PROJECT, String(known.id));
  }, [known]);

  if (problem instanceof ApiError && problem.status === 401) {
    return <Redirect to={`/login?next=${encodeURIComponent(location + window.location.search)}`} replace />;
  }
  if (problem instanceof ApiError && problem.status === 404) return <Nowhere />;
  if (problem) {
    const again = () => [user, projects, settings].map((asked) => asked.refetch());
    return <Failure problem={problem} onRetry={again} />;
  }
  if (!user.data || !projects.data || !settings.data) return null;
  const project: Project = { ...known, ...settings.data };
  return (
    <ProjectProvider project={project} key={project.id}>
      <Shell user={user.data} projects={projects.data}>
        <Broken key={location}>
          <Suspense fallback={<Loading lines={10} />}>
            <Switch>
              <Route path={`/project/${project.id}`}>
                <Begin project={project} />
              </Route>
              {PAGES.map((page) => (
                <Route key={page.path} path={`/project/${project.id}${page.path}`} component={page.component} />
              ))}
              <Route component={Nowhere} />
            </Switch>
          </Suspense>
        </Broken>
      </Shell>
    </ProjectProvider>
  );
}

/** A project without events begins with installing; one with events with what happens now. */
function Begin({ project }: { project: Project }) {
  const [page, setPage] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    ask<unknown[][]>(
      project.id,
      { kind: "HogQLQuery", query: "SELECT 1 FROM events LIMIT 1" },
      stop.signal,
      "force_blocking",
    )
      .then((answer) => setPage(answer.results.length > 0 ? "activity" : "start"))
      .catch(() => !stop.signal.aborted && setPage("activity"));
    return () => stop.abort();
  }, [project.id]);
  return page ? <Redirect to={`/project/${project.id}/${page}`} replace /> : <Loading lines={10} />;
}

function Nowhere() {
  return (
    <Page title="Not found">
      <Empty title="There is no such page" action={<a href="/">To your project</a>}>
        The link may be old, or the project is not yours.
      </Empty>
    </Page>
  );
}
