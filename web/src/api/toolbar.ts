/** Opening an own site with the toolbar, and the list of sites where that may be. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Project, updateProject, useProject } from "@/api/session";
import { call } from "@/api/typed";

export const openToolbar = (projectId: number, url: string) =>
  call("post", "/api/projects/{project_id}/toolbar/", { path: { project_id: projectId }, body: { url } });

/** An address as it is kept, or null when it is none: `example.com` is taken for `https://example.com`. */
export function asSite(text: string): string | null {
  const typed = text.trim();
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
  if (typed === "" || /\s/.test(typed) || !URL.canParse(full.replace("://*.", "://any."))) return null;
  const { protocol, username, hostname } = new URL(full.replace("://*.", "://any."));
  return /^https?:$/.test(protocol) && username === "" && hostname !== "" ? full : null;
}

/** Saves the authorised URLs of the project. */
export function useSaveSites() {
  const { id } = useProject();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (sites: string[]) => updateProject(id, { app_urls: sites }),
    onSuccess: (project: Project) => queries.setQueryData(["project", id], project),
  });
}
