/** Who is signed in, and which project is looked at. */
import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext } from "react";
import { type Page, request } from "@/api/client";

export interface Project {
  id: number;
  name: string;
  api_token: string;
  timezone: string;
  week_start_day?: number | null;
  ingested_event?: boolean;
  test_account_filters?: unknown[];
  anonymize_ips?: boolean;
  person_processing_opt_out?: boolean;
}

export interface User {
  uuid: string;
  email: string;
  first_name?: string;
}

export const fetchUser = (signal?: AbortSignal) => request<User>("/api/users/@me/", { signal });
export const fetchProjects = async (signal?: AbortSignal) =>
  (await request<Page<Project>>("/api/projects/", { signal })).results;
export const signIn = (email: string, password: string) =>
  request<unknown>("/api/login/", { method: "POST", body: { email, password } });
export const signOut = () => request<unknown>("/api/logout/", { method: "POST", body: {} });
export const createProject = (name: string) => request<Project>("/api/projects/", { method: "POST", body: { name } });
export const updateProject = (id: number, changes: Partial<Project>) =>
  request<Project>(`/api/projects/${id}/`, { method: "PATCH", body: changes });
export const changeUser = (changes: Record<string, string>) =>
  request<User>("/api/users/@me/", { method: "PATCH", body: changes });

export const useUser = () =>
  useQuery({ queryKey: ["user"], queryFn: ({ signal }) => fetchUser(signal), staleTime: 300_000, retry: false });
/** All settings of a project; the list has only what the project switcher needs. */
export const useProjectSettings = (id: number) =>
  useQuery({
    queryKey: ["project", id],
    queryFn: ({ signal }) => request<Project>(`/api/projects/${id}/`, { signal }),
    staleTime: 60_000,
  });
export const useProjects = () =>
  useQuery({ queryKey: ["projects"], queryFn: ({ signal }) => fetchProjects(signal), staleTime: 60_000 });

const ProjectContext = createContext<Project | null>(null);

export function ProjectProvider({ project, children }: { project: Project; children: ReactNode }) {
  return <ProjectContext.Provider value={project}>{children}</ProjectContext.Provider>;
}

/** The project of the current page. Only below a {@link ProjectProvider}. */
export function useProject(): Project {
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
