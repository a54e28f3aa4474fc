/** Who is signed in, and which project is looked at. */
import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext } from "react";
import { call, type Shape } from "@/api/typed";

/** A project with its settings. A list of projects has only what {@link ProjectInShort} has. */
export type Project = Shape<"Project">;
export type ProjectInShort = Shape<"ProjectInShort">;
export type User = Shape<"User">;
export type Session = Shape<"Session">;

export const signIn = (email: string, password: string) => call("post", "/api/login/", { body: { email, password } });
export const signOut = () => call("post", "/api/logout/", {});
export const createProject = (name: string) => call("post", "/api/projects/", { body: { name } });
export const updateProject = (id: number, changes: Partial<Project>) =>
  call("patch", "/api/projects/{project_id}/", { path: { project_id: id }, body: changes });
export const deleteProject = (id: number) =>
  call("delete", "/api/projects/{project_id}/", { path: { project_id: id } });
export const resetToken = (id: number) =>
  call("patch", "/api/projects/{project_id}/reset_token/", { path: { project_id: id } });
export const changeUser = (changes: Shape<"UserChange">) => call("patch", "/api/users/@me/", { body: changes });
export const endSession = (id: string) =>
  call("delete", "/api/users/@me/sessions/{session_id}/", { path: { session_id: id } });
export const endOtherSessions = () => call("delete", "/api/users/@me/sessions/", {});

export const useUser = () =>
  useQuery({
    queryKey: ["user"],
    queryFn: ({ signal }) => call("get", "/api/users/@me/", { signal }),
    staleTime: 300_000,
    retry: false,
  });
export const useSessions = () =>
  useQuery({ queryKey: ["sessions"], queryFn: ({ signal }) => call("get", "/api/users/@me/sessions/", { signal }) });
/** All settings of a project; the list has only what the project switcher needs. */
export const useProjectSettings = (id: number) =>
  useQuery({
    queryKey: ["project", id],
    queryFn: ({ signal }) => call("get", "/api/projects/{project_id}/", { path: { project_id: id }, signal }),
    staleTime: 60_000,
  });
export const useProjects = () =>
  useQuery({
    queryKey: ["projects"],
    queryFn: async ({ signal }) => (await call("get", "/api/projects/", { signal })).results,
    staleTime: 60_000,
  });

/** What pages know of their project: a shared page knows little, the pages of members everything. */
export type KnownProject = Pick<Project, "id" | "name" | "api_token" | "timezone"> & Partial<Project>;

const ProjectContext = createContext<KnownProject | null>(null);

export function ProjectProvider({ project, children }: { project: KnownProject; children: ReactNode }) {
  return <ProjectContext.Provider value={project}>{children}</ProjectContext.Provider>;
}

/** The project of the current page. Only below a {@link ProjectProvider}. */
export function useProject(): KnownProject {
  const project = useContext(ProjectContext);
  if (project === null) throw new Error("useProject is only for pages of a project");
  return project;
}

/** The address of a page of this project: `path("sql")` is `/project/1/sql`. */
export function useProjectPath(): (page: string, params?: Record<string, string>) => string {
  const { id } = useProject();
  return (page, params) => {
    const query = params ? `?${new URLSearchParams(params)}` : "";
    return `/project/${id}/${page}${query}`;
  };
}
