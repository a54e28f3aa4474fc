import { ActionIcon, Drawer } from "@mantine/core";
import { IconMenu2, IconSearch } from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { type ProjectInShort, type User, useProjectPath } from "@/api/session";
import { AccountMenu } from "@/app/AccountMenu";
import { ProjectSwitch } from "@/app/ProjectSwitch";
import { MENU } from "@/app/pages";
import styles from "@/app/Shell.module.css";
import { useGoKeys } from "@/app/useGoKeys";
import { WarningCount } from "@/app/WarningCount";
import { Logo } from "@/ui/Logo";

const CommandPalette = lazy(() => import("@/app/CommandPalette"));

interface ShellProps {
  user: User;
  projects: ProjectInShort[];
  children: ReactNode;
}

/** The frame around every page of a project: the menu, which is a drawer on a narrow screen. */
export function Shell({ user, projects, children }: ShellProps) {
  const [location] = useLocation();
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState(false);
  useGoKeys();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the drawer
  useEffect(() => setDrawer(false), [location]);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setPalette(true);
      }
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);

  const side = <Side user={user} projects={projects} onSearch={() => setPalette(true)} />;
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <div className={styles.bar}>
        <Link href="/" className={styles.brand}>
          <Logo /> Leanbase
        </Link>
        <ActionIcon aria-label="Menu" size="lg" onClick={() => setDrawer(true)}>
          <IconMenu2 size={20} />
        </ActionIcon>
      </div>
      {side}
      <Drawer
        opened={drawer}
        onClose={() => setDrawer(false)}
        size={260}
        title="Menu"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {side}
      </Drawer>
      <div>{children}</div>
      {palette ? (
        <Suspense fallback={null}>
          <CommandPalette onClose={() => setPalette(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}

function Side({ user, projects, onSearch }: { user: User; projects: ProjectInShort[]; onSearch: () => void }) {
  const [location] = useLocation();
  const path = useProjectPath();
  return (
    <div className={styles.side}>
      <Link href="/" className={styles.brand}>
        <Logo /> Leanbase
      </Link>
      <ProjectSwitch projects={projects} />
      <nav className={styles.nav} aria-label="Main">
        <button type="button" className={styles.account} onClick={onSearch}>
          <IconSearch size={16} aria-hidden />
          <span>Find</span>
          <kbd className="quiet">Ctrl K</kbd>
        </button>
        {MENU.map((entry, at) => {
          const target = path(entry.to);
          const here = location === target || location.startsWith(`${target}/`);
          const Icon = entry.icon;
          return (
            <div key={entry.to}>
              {at > 0 && MENU[at - 1]?.group !== entry.group ? <div className={styles.gap} /> : null}
              <Link
                href={target}
                className={styles.link}
                aria-current={here ? "page" : undefined}
                title={`${entry.title}: press g, then ${entry.key}`}
              >
                <Icon size={16} stroke={1.7} aria-hidden />
                {entry.title}
                {entry.to === "warnings" ? <WarningCount /> : null}
              </Link>
            </div>
          );
        })}
      </nav>
      <AccountMenu user={user} />
    </div>
  );
}
