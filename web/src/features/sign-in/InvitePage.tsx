import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation, useParams } from "wouter";
import { acceptInvitation, levelTitle, useInvitation } from "@/api/members";
import styles from "@/features/sign-in/SignInPage.module.css";
import { Logo } from "@/ui/Logo";
import { Failure, Loading, Problem } from "@/ui/states/States";
import { useTitle } from "@/ui/useTitle";

/** What the link of an invitation opens: join with a new account, or with the one there is. */
export default function InvitePage() {
  useTitle("Invitation");
  const { secret = "" } = useParams<{ secret: string }>();
  const invitation = useInvitation(secret);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const joining = useMutation({
    mutationFn: () => acceptInvitation(secret, password, name.trim()),
    onSuccess: () => {
      queries.clear();
      navigate("/", { replace: true });
    },
  });
  const { data } = invitation;
  if (!data) {
    return (
      <main className={styles.page}>
        {invitation.error ? (
          <Failure problem={invitation.error} onRetry={() => invitation.refetch()} />
        ) : (
          <Loading lines={4} />
        )}
      </main>
    );
  }
  return (
    <main className={styles.page}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          joining.mutate();
        }}
      >
        <Logo size={36} />
        <h1>Join {data.organization_name}</h1>
        <p className={styles.hint}>
          You were invited as {levelTitle(data.level).toLowerCase()}.{" "}
          {data.has_account ? "This address has an account: its password lets you in." : "Choose a password."}
        </p>
        <TextInput label="E-mail" type="email" autoComplete="username" readOnly value={data.target_email} />
        {data.has_account ? null : (
          <TextInput
            label="Name"
            autoComplete="name"
            maxLength={150}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          label={data.has_account ? "Password" : "New password"}
          autoComplete={data.has_account ? "current-password" : "new-password"}
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {joining.error ? <Problem problem={joining.error} /> : null}
        <Button type="submit" size="sm" loading={joining.isPending}>
          Join
        </Button>
      </form>
    </main>
  );
}
