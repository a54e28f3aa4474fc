import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { PropertyTable, propertiesFrom } from "@/ui/tables/PropertyTable";

const show = (properties: Record<string, unknown>) =>
  render(
    <MantineProvider env="test">
      <PropertyTable properties={properties} />
    </MantineProvider>,
  );

test("markup is text", () => {
  const { container } = show({ "<b>key</b>": "<img src=x onerror=alert(1)>" });
  expect(screen.getByText("<img src=x onerror=alert(1)>")).toBeTruthy();
  expect(container.querySelector("img, b")).toBeNull();
});

test("searches in names and values", async () => {
  show(Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`key ${at}`, `value ${at * 11}`])));
  await userEvent.type(screen.getByLabelText("Search properties"), "value 33");
  expect(screen.queryByText("key 3")).toBeTruthy();
  expect(screen.queryByText("key 4")).toBeNull();
});

test("properties come as an object or as JSON", () => {
  expect(propertiesFrom('{"a": 1}')).toEqual({ a: 1 });
  expect(propertiesFrom({ a: 1 })).toEqual({ a: 1 });
  expect(propertiesFrom("broken")).toEqual({});
});
