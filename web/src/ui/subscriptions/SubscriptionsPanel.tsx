import { Button, Drawer, Switch } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useProject } from "@/api/session";
import {
  changeSubscription,
  type Subscribed,
  type Subscription,
  type SubscriptionBody,
  sendNow,
  useSubscriptions,
} from "@/api/subscriptions";
import { Failure, Loading, Problem } from "@/ui/states/States";
import { SubscriptionForm } from "@/ui/subscriptions/SubscriptionForm";
import styles from "@/ui/subscriptions/subscriptions.module.css";

const NOT_SENT =
  "This server has no mail, Slack or webhooks to send with: a subscription is kept, and listed by the API, and nothing is sent.";

interface SubscriptionsPanelProps {
  to: Subscribed;
  /** Of a dashboard: its insights, of which some are chosen. */
  insights?: { id: number; name: string }[];
  onClose: () => void;
}

/** Who wants this sent, where and how often. */
export function SubscriptionsPanel({ to, insights, onClose }: SubscriptionsPanelProps) {
  const [adding, setAdding] = useState(false);
  const subscriptions = useSubscriptions(to);
  const found = subscriptions.data?.results ?? [];
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={480}
      title={<strong>Subscriptions</strong>}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className={styles.stack}>
        <p className={styles.notice}>{found[0]?.delivery ?? NOT_SENT}</p>
        {subscriptions.error ? (
          <Failure problem={subscriptions.error} onRetry={() => subscriptions.refetch()} />
        ) : !subscriptions.data ? (
          <Loading lines={3} />
        ) : found.length > 0 ? (
          <ul className={styles.list}>
            {found.map((one) => (
              <One key={one.id} subscription={one} />
            ))}
          </ul>
        ) : adding ? null : (
          <p className="quiet">Nobody has subscribed.</p>
        )}
        {adding ? (
          <SubscriptionForm to={to} insights={insights} onDone={() => setAdding(false)} />
        ) : (
          <div>
            <Button variant="default" onClick={() => setAdding(true)}>
              New subscription
            </Button>
          </div>
        )}
      </div>
    </Drawer>
  );
}

function One({ subscription }: { subscription: Subscription }) {
  const { id } = useProject();
  const queries = useQueryClient();
  const changing = useMutation({
    mutationFn: (body: SubscriptionBody) => changeSubscription(id, subscription.id, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["subscriptions", id] }),
  });
  const sending = useMutation({ mutationFn: () => sendNow(id, subscription.id) });
  const name = subscription.title || subscription.target_value;
  const problem = changing.error ?? sending.error;
  return (
    <li>
      <div>
        <strong>{name}</strong>
        <div className="quiet">
          {subscription.target_type} to {subscription.target_value}, {subscription.summary}
        </div>
      </div>
      <div className={styles.line}>
        <Switch
          size="xs"
          label="On"
          aria-label={`Subscription of ${name} is on`}
          checked={subscription.enabled}
          onChange={(event) => changing.mutate({ enabled: event.currentTarget.checked })}
        />
        <Button variant="subtle" loading={sending.isPending} onClick={() => sending.mutate()}>
          Send now
        </Button>
        <Button variant="subtle" color="red" onClick={() => changing.mutate({ deleted: true })}>
          Delete
        </Button>
      </div>
      {problem ? <Problem problem={problem} /> : null}
    </li>
  );
}
