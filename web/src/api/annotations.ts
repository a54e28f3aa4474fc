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

export const createAnnotation = (projectId: number, content: string, dateMarker: string) =>
  call("post", ANNOTATIONS, { path: { project_id: projectId }, body: { content, date_marker: dateMarker } });
export const changeAnnotation = (projectId: number, annotationId: number, changes: Shape<"AnnotationBody">) =>
  call("patch", `${ANNOTATIONS}{annotation_id}/`, {
    path: { project_id: projectId, annotation_id: annotationId },
    body: changes,
  });
