import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useProject } from "@/api/session";
import { asSite, useSaveSites } from "@/api/toolbar";
import styles from "@/ui/authorisedUrls.module.css";
import { Problem } from "@/ui/states/States";

/** The sites where the toolbar may be opened; each change is saved at once. `action` is drawn beside each. */
export function AuthorisedUrls({ action }: { action?: (url: string) => ReactNode }) {
  const project = useProject();
  const sites = project.app_urls ?? [];
  const saving = useSaveSites();
  const [draft, setDraft] = useState("");
  const [wrong, setWrong] = useState("");
  const add = () => {
    const site = asSite(draft);
    if (!site) return setWrong("Write an address such as https://example.com");
    if (sites.includes(site)) return setWrong("This address is in the list already.");
    setWrong("");
    saving.mutate([...sites, site], { onSuccess: () => setDraft("") });
  };
  return (
    <div className={styles.stack}>
      {sites.length > 0 ? (
        <ul className={styles.list} aria-label="Authorised URLs">
          {sites.map((site) => (
            <li key={site}>
              <span>{site}</span>
              {action?.(site)}
              <ActionIcon
                aria-label={`Remove ${site}`}
                disabled={saving.isPending}
                onClick={() => saving.mutate(sites.filter((one) => one !== site))}
              >
                <IconTrash size={15} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      ) : null}
      <form
        className={styles.add}
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          add();
        }}
      >
        <TextInput
          className={styles.address}
          label="Address of your site"
          placeholder="https://example.com"
          inputMode="url"
          maxLength={300}
          value={draft}
          error={wrong || undefined}
          onChange={(event) => setDraft(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={saving.isPending} disabled={draft.trim() === ""}>
          Authorise
        </Button>
      </form>
      {saving.error ? <Problem problem={saving.error} /> : null}
    </div>
  );
}
