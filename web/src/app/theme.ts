/** Mantine in the app's own colours. */
import {
  convertCssVariables,
  createTheme,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  type MantineColorsTuple,
  mergeMantineTheme,
} from "@mantine/core";

const pine: MantineColorsTuple = [
  "#eaf6f1",
  "#d3ebe1",
  "#a8d8c6",
  "#7ac4a8",
  "#52b08d",
  "#359a77",
  "#257f64",
  "#1d6b57",
  "#185a49",
  "#0f4234",
];

// Greys of the dark theme, in the green tint of the app's own tokens.
const dark: MantineColorsTuple = [
  "#ecefec",
  "#c9cfcb",
  "#b3bab5",
  "#929a94",
  "#414843",
  "#2a2f2c",
  "#191c1a",
  "#191c1a",
  "#151716",
  "#121413",
];

export const theme = createTheme({
  colors: { pine, dark },
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  fontFamily: "var(--sans)",
  fontFamilyMonospace: "var(--mono)",
  headings: { fontFamily: "var(--sans)" },
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.3125rem" },
  radius: { xs: "4px", sm: "6px", md: "7px", lg: "10px", xl: "14px" },
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "xs" } },
    TextInput: { defaultProps: { size: "sm" } },
    Select: { defaultProps: { size: "xs", allowDeselect: false } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray", size: "md" } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false } },
    // Locking the scroll would write a style element, which the content security policy forbids.
    Modal: { defaultProps: { lockScroll: false, centered: true, transitionProps: { duration: 120 } } },
    Drawer: { defaultProps: { lockScroll: false, transitionProps: { duration: 140 } } },
    Menu: { defaultProps: { shadow: "md", transitionProps: { duration: 80 } } },
    Popover: { defaultProps: { shadow: "md", transitionProps: { duration: 80 } } },
  },
});

/**
 * Hand Mantine's variables to the page as a constructed style sheet: Mantine would write a style element,
 * and the content security policy allows none.
 */
export function adoptThemeVariables(): void {
  const variables = defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(convertCssVariables(variables, ":root"));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
