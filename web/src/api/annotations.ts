/** Annotations: what happened when, for whoever looks at a chart later. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useProject } from "@/api/session";
import { call, type Shape } from "@/api/typed";

export type Annotation = Shape<"Annotation">;

const ANNOTATIONS = "/api/projects/{project_id}/annotations/";

export function useAnnotations(search: string, offset: number, limit: number) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["annotations", id, search, offset, limit],
    queryFn: ({ signal }) =>
      call("get", ANNOTATIONS, { path: { project_id: id }, query: { search, offset, limit }, signal }),
    placeholderData: keepPreviousData,
  });
}

const MOST_ON_CHARTS = 500; // the API's longest page; the latest

/** The latest annotations of the project, whatever they belong to: charts choose theirs. */
export function useLatestAnnotations() {
  const { id } = useProject();
  return useQuery({
    queryKey: ["annotations", id, "latest"],
    queryFn: ({ signal }) =>
      call("get", ANNOTATIONS, { path: { project_id: id }, query: { limit: MOST_ON_CHARTS }, signal }),
    staleTime: 60_000,
  });
}

export const createAnnotation = (
  projectId: number,
  content: string,
  dateMarker: string,
  place: Pick<Shape<"AnnotationBody">, "scope" | "dashboard_item" | "dashboard_id"> = {},
) =>
  call("post", ANNOTATIONS, { path: { project_id: projectId }, body: { content, date_marker: dateMarker, ...place } });
export const changeAnnotation = (projectId: number, annotationId: number, changes: Shape<"AnnotationBody">) =>
  call("patch", `${ANNOTATIONS}{annotation_id}/`, {
    path: { project_id: projectId, annotation_id: annotationId },
    body: changes,
  });
