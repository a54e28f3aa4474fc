import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { Listed } from "@/ui/lists/Listed";
import { Pages } from "@/ui/lists/Pages";

const shown = (what: React.ReactNode) => render(<MantineProvider>{what}</MantineProvider>);

function listed(asked: Partial<{ error: unknown; data: { results: string[] } }>, rows?: string[]) {
  const columns = [{ name: "Name", cell: (row: string) => row }];
  const refetch = vi.fn();
  const all = { error: null, refetch, ...asked };
  shown(<Listed asked={all} rows={rows} empty="Nobody" label="People" columns={columns} keyOf={(row) => row} />);
  return refetch;
}

test("a list loads, fails, is empty or has rows", async () => {
  listed({});
  expect(screen.getByRole("status", { name: "Loading" })).toBeTruthy();
  const refetch = listed({ error: new Error("The server is away."), data: { results: ["old"] } });
  expect(screen.getByRole("alert").textContent).toContain("The server is away.");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(refetch).toHaveBeenCalledOnce();
  listed({ data: { results: [] } });
  expect(screen.getByText("Nobody")).toBeTruthy();
  listed({ data: { results: ["ada", "bob"] } }, ["bob"]);
  expect(screen.getByRole("cell", { name: "bob" })).toBeTruthy();
  expect(screen.queryByRole("cell", { name: "ada" })).toBeNull();
});

test("pages go on while there is more, and back to the first", async () => {
  const onOffset = vi.fn();
  const { rerender } = shown(<Pages offset={0} size={50} more={false} onOffset={onOffset} />);
  expect(screen.queryByRole("button")).toBeNull();
  const at = (offset: number, more: boolean) =>
    rerender(
      <MantineProvider>
        <Pages offset={offset} size={50} more={more} onOffset={onOffset} back="Newer" next="Older" />
      </MantineProvider>,
    );
  at(0, true);
  expect(screen.getByRole("button", { name: "Newer" })).toHaveProperty("disabled", true);
  await userEvent.click(screen.getByRole("button", { name: "Older" }));
  at(30, false);
  expect(screen.getByRole("button", { name: "Older" })).toHaveProperty("disabled", true);
  await userEvent.click(screen.getByRole("button", { name: "Newer" }));
  expect(onOffset.mock.calls).toEqual([[50], [0]]);
});
