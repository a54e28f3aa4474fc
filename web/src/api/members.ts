/** Who belongs to the organization, and who is invited. */
import { useQuery } from "@tanstack/react-query";
import { call, type Shape } from "@/api/typed";

export type Member = Shape<"Member">;
export type Invite = Shape<"Invite">;
export type Level = 1 | 8 | 15;

export const LEVELS: { value: Level; title: string; may: string }[] = [
  { value: 1, title: "Member", may: "sees and changes everything in the projects" },
  { value: 8, title: "Admin", may: "also invites people, makes and deletes projects" },
  { value: 15, title: "Owner", may: "also makes owners" },
];
export const levelTitle = (level: number) => LEVELS.find((one) => one.value === level)?.title ?? String(level);

const ORGANIZATION = "/api/organizations/{organization_id}/";
const here = (organization: string) => ({ path: { organization_id: organization } });

export const useMembers = (organization: string) =>
  useQuery({
    queryKey: ["members", organization],
    queryFn: ({ signal }) =>
      call("get", `${ORGANIZATION}members/`, { ...here(organization), query: { limit: 1000 }, signal }),
  });
export const useInvites = (organization: string) =>
  useQuery({
    queryKey: ["invites", organization],
    queryFn: ({ signal }) => call("get", `${ORGANIZATION}invites/`, { ...here(organization), signal }),
  });

export const invite = (organization: string, email: string, level: Level) =>
  call("post", `${ORGANIZATION}invites/`, { ...here(organization), body: { target_email: email, level } });
export const withdrawInvite = (organization: string, id: string) =>
  call("delete", `${ORGANIZATION}invites/{invite_id}/`, { path: { organization_id: organization, invite_id: id } });
export const changeLevel = (organization: string, uuid: string, level: Level) =>
  call("patch", `${ORGANIZATION}members/{user_uuid}/`, {
    path: { organization_id: organization, user_uuid: uuid },
    body: { level },
  });
export const removeMember = (organization: string, uuid: string) =>
  call("delete", `${ORGANIZATION}members/{user_uuid}/`, { path: { organization_id: organization, user_uuid: uuid } });
export const renameOrganization = (organization: string, name: string) =>
  call("patch", ORGANIZATION, { ...here(organization), body: { name } });

/** What the link of an invitation opens. */
export const useInvitation = (secret: string) =>
  useQuery({
    queryKey: ["invitation", secret],
    queryFn: ({ signal }) => call("get", "/api/signup/{secret}/", { path: { secret }, signal }),
    retry: false,
  });
export const acceptInvitation = (secret: string, password: string, firstName: string) =>
  call("post", "/api/signup/{secret}/", { path: { secret }, body: { password, first_name: firstName } });
