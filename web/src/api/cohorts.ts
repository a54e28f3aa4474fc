/** Cohorts: persons by criteria, or by hand. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type Page, request } from "@/api/client";
import type { PropertyFilter } from "@/api/insights";
import type { Person } from "@/api/persons";
import { useProject } from "@/api/session";

export interface Behaviour {
  type: "behavioral";
  key: string | number;
  event_type: "events" | "actions";
  value: string;
  operator?: string;
  operator_value?: number;
  time_value?: number | string;
  time_interval?: string;
  negation?: boolean;
  [other: string]: unknown;
}

export type Criterion = PropertyFilter | Behaviour;

/** Groups inside each other, of which all or any criteria must hold. */
export interface CriteriaGroup {
  type: "AND" | "OR";
  values: (Criterion | CriteriaGroup)[];
}

export interface CohortFilters {
  properties: CriteriaGroup;
  /** Without those whom the project's filters for internal and test users leave out. */
  filterTestAccounts?: boolean;
}

export interface Cohort {
  id: number;
  name: string;
  description: string;
  filters: CohortFilters | null;
  is_static: boolean;
  is_calculating: boolean;
  errors_calculating: number;
  last_error_message?: string | null;
  last_calculation: string | null;
  count: number | null;
  created_at: string;
}

export interface CohortChange {
  name?: string;
  description?: string;
  filters?: CohortFilters;
  is_static?: boolean;
  csv?: string;
}

const ASK_EVERY = 1500; // milliseconds, while a cohort calculates

export function useCohorts(search: string, offset: number, limit: number, enabled = true) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["cohorts", id, search, offset, limit],
    queryFn: ({ signal }) =>
      request<Page<Cohort>>(`/api/projects/${id}/cohorts/`, { signal, params: { search, offset, limit } }),
    placeholderData: keepPreviousData,
    enabled,
    refetchInterval: ({ state }) => (state.data?.results.some((one) => one.is_calculating) ? ASK_EVERY : false),
  });
}

export function useCohort(cohortId: number, enabled = true) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["cohort", id, cohortId],
    queryFn: ({ signal }) => request<Cohort>(`/api/projects/${id}/cohorts/${cohortId}/`, { signal }),
    enabled,
    refetchInterval: ({ state }) => (state.data?.is_calculating ? ASK_EVERY : false),
  });
}

/** The members; `calculated` is when they were last computed, so that a new answer is asked for. */
export function useCohortPersons(cohort: Cohort, offset: number, limit: number) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["cohort_persons", id, cohort.id, cohort.last_calculation, cohort.count, offset, limit],
    queryFn: ({ signal }) =>
      request<Page<Person>>(`/api/projects/${id}/cohorts/${cohort.id}/persons/`, { signal, params: { offset, limit } }),
    placeholderData: keepPreviousData,
  });
}

export function useCohortsOfPerson(personId: string) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["person", id, personId, "cohorts"],
    queryFn: async ({ signal }) =>
      (
        await request<{ results: Cohort[] }>(`/api/projects/${id}/persons/cohorts/`, {
          signal,
          params: { person_id: personId },
        })
      ).results,
  });
}

export const createCohort = (projectId: number, body: CohortChange) =>
  request<Cohort>(`/api/projects/${projectId}/cohorts/`, { method: "POST", body });
export const changeCohort = (projectId: number, cohortId: number, body: CohortChange) =>
  request<Cohort>(`/api/projects/${projectId}/cohorts/${cohortId}/`, { method: "PATCH", body });
export const deleteCohort = (projectId: number, cohortId: number) =>
  request<unknown>(`/api/projects/${projectId}/cohorts/${cohortId}/`, { method: "DELETE" });
export const calculateCohort = (projectId: number, cohortId: number) =>
  request<Cohort>(`/api/projects/${projectId}/cohorts/${cohortId}/calculate/`, { method: "POST", body: {} });
/** A list of those who are members now. */
export const copyAsList = (projectId: number, cohortId: number) =>
  request<Cohort>(`/api/projects/${projectId}/cohorts/${cohortId}/duplicate_as_static_cohort/`, {
    method: "POST",
    body: {},
  });
export const removeFromList = (projectId: number, cohortId: number, personId: string) =>
  request<unknown>(`/api/projects/${projectId}/cohorts/${cohortId}/remove_person_from_static_cohort/`, {
    method: "PATCH",
    body: { person_id: personId },
  });
