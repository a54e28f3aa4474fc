import { Modal, Switch, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeSharing, useSharing } from "@/api/dashboards";
import { useProject } from "@/api/session";
import styles from "@/features/dashboards/dashboards.module.css";
import { CopyButton } from "@/ui/CopyButton";
import { Failure, Loading, Problem } from "@/ui/states/States";

/** A secret link: whoever has it sees this dashboard, and nothing else. */
export function ShareDialog({ dashboardId, onClose }: { dashboardId: number; onClose: () => void }) {
  const { id } = useProject();
  const queries = useQueryClient();
  const sharing = useSharing(dashboardId);
  const switching = useMutation({
    mutationFn: (enabled: boolean) => changeSharing(id, dashboardId, enabled),
    onSuccess: async (changed) => {
      queries.setQueryData(["sharing", id, dashboardId], changed);
      await queries.invalidateQueries({ queryKey: ["dashboards", id] });
    },
  });
  const link = sharing.data?.access_token ? `${window.location.origin}/shared/${sharing.data.access_token}` : null;
  return (
    <Modal opened onClose={onClose} title="Share by link" closeButtonProps={{ "aria-label": "Close" }}>
      {sharing.error ? (
        <Failure problem={sharing.error} onRetry={() => sharing.refetch()} />
      ) : !sharing.data ? (
        <Loading lines={2} />
      ) : (
        <div className={styles.dialog}>
          <Switch
            label="Whoever has the link sees this dashboard"
            description="Without signing in, and without the people behind the numbers. Off makes the link dead for good; on again makes a new one."
            checked={sharing.data.enabled}
            disabled={switching.isPending}
            onChange={(event) => switching.mutate(event.currentTarget.checked)}
          />
          {switching.error ? <Problem problem={switching.error} /> : null}
          {link ? (
            <TextInput
              label="Link"
              readOnly
              value={link}
              onFocus={(event) => event.currentTarget.select()}
              rightSection={<CopyButton text={link} label="Copy the link" />}
            />
          ) : null}
        </div>
      )}
    </Modal>
  );
}
