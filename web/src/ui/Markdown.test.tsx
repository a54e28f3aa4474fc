import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { Markdown } from "@/ui/Markdown";

test("headings, lists, emphasis and links", () => {
  render(<Markdown text={"# North Star\nWhat **counts**, and `why`.\n- one\n- [two](/project/1)\n\n1. first"} />);
  expect(screen.getByRole("heading", { level: 2 }).textContent).toBe("North Star");
  expect(screen.getByText("counts").tagName).toBe("STRONG");
  expect(screen.getByText("why").tagName).toBe("CODE");
  expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual(["one", "two", "first"]);
  expect(screen.getByRole("link").getAttribute("href")).toBe("/project/1");
});

test("markup and addresses that run scripts stay text", () => {
  const { container } = render(
    <Markdown
      text={"<img src=x onerror=alert(1)> [x](javascript:alert(1)) [y](//evil.example) [z](data:text/html,a)"}
    />,
  );
  expect(container.querySelector("img, a")).toBeNull();
  expect(container.textContent).toContain("javascript:alert(1)");
});
