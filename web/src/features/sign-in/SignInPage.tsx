import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { signIn } from "@/api/session";
import styles from "@/features/sign-in/SignInPage.module.css";
import { Logo } from "@/ui/Logo";
import { Problem } from "@/ui/states/States";
import { useTitle } from "@/ui/useTitle";

/** Only addresses of this app: "//elsewhere" would lead away. */
const isOurs = (address: string | null): address is string => address !== null && /^\/(?![/\\])/.test(address);

export default function SignInPage() {
  useTitle("Sign in");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [params] = useSearchParams();
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const entering = useMutation({
    mutationFn: () => signIn(email.trim(), password),
    onSuccess: () => {
      queries.clear();
      const next = params.get("next");
      navigate(isOurs(next) ? next : "/", { replace: true });
    },
  });
  return (
    <main className={styles.page}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          entering.mutate();
        }}
      >
        <Logo size={36} />
        <h1>Sign in to Leanbase</h1>
        <TextInput
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          required
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {entering.error ? <Problem problem={entering.error} /> : null}
        <Button type="submit" size="sm" loading={entering.isPending}>
          Sign in
        </Button>
        <p className={styles.hint}>
          The first start prints the address and the password, and keeps them in <code>credentials.json</code> in the
          data folder.
        </p>
      </form>
    </main>
  );
}
