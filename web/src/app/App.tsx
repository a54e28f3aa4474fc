import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ApiError } from "@/api/client";
import { Routes } from "@/app/Routes";
import { theme } from "@/app/theme";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      // Only what may be different the next time: the server was away or restarting.
      retry: (count, problem) =>
        count < 2 && problem instanceof ApiError && (problem.status === 0 || problem.status >= 502),
      retryDelay: (count) => 700 * 2 ** count,
    },
  },
});

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" />
        <Routes />
      </QueryClientProvider>
    </MantineProvider>
  );
}
