import { Menu, useMantineColorScheme } from "@mantine/core";
import { IconDeviceLaptop, IconLogout, IconMoon, IconSun, IconUserCircle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { signOut, type User } from "@/api/session";
import styles from "@/app/Shell.module.css";

/** Who is signed in, the colours, and the way out. */
export function AccountMenu({ user }: { user: User }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const leave = async () => {
    await signOut().catch(() => undefined);
    queries.clear();
    navigate("/login");
  };
  return (
    <Menu position="top-start" width={200}>
      <Menu.Target>
        <button type="button" className={styles.account} aria-label={`Account of ${user.email}`}>
          <IconUserCircle size={17} aria-hidden />
          <span>{user.first_name || user.email}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        {(
          [
            ["light", "Light", IconSun],
            ["dark", "Dark", IconMoon],
            ["auto", "Like the system", IconDeviceLaptop],
          ] as const
        ).map(([scheme, title, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={15} />}
            aria-current={colorScheme === scheme ? "true" : undefined}
            fw={colorScheme === scheme ? 600 : undefined}
            onClick={() => setColorScheme(scheme)}
          >
            {title}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={leave}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
