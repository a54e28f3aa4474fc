/** Code that sends a first event from a server, in the languages that come after the first handful. */
import type { Way } from "@/features/first-run/snippets";

export function moreServerWays(token: string, host: string): Way[] {
  return [
    {
      id: "java",
      title: "Java",
      steps: [
        { say: "Add the library to build.gradle.", code: "implementation 'com.posthog:posthog-server:2.+'" },
        {
          say: "Send an event.",
          code: `import com.posthog.server.PostHog;
import com.posthog.server.PostHogConfig;
import com.posthog.server.PostHogInterface;

class Hello {
    public static void main(String[] args) {
        PostHogInterface posthog = PostHog.with(PostHogConfig.builder("${token}").host("${host}").build());
        posthog.capture("ada@example.com", "hello leanbase");
        posthog.flush();
        posthog.close();
    }
}`,
        },
      ],
    },
    {
      id: "rust",
      title: "Rust",
      steps: [
        { say: "Add the crate.", code: "cargo add posthog-rs@0.7 && cargo add tokio --features full" },
        {
          say: "Send an event.",
          code: `#[tokio::main]
async fn main() {
    let client = posthog_rs::client(("${token}", "${host}")).await;
    let mut event = posthog_rs::Event::new("hello leanbase", "ada@example.com");
    event.insert_prop("from", "rust").unwrap();
    client.capture(event).await.unwrap();
}`,
        },
      ],
    },
    {
      id: "elixir",
      title: "Elixir",
      steps: [
        { say: "Add the library to the dependencies in mix.exs.", code: '{:posthog, "~> 2.0"}' },
        {
          say: "Configure it in config/config.exs.",
          code: `config :posthog,
  enable: true,
  api_host: "${host}",
  api_key: "${token}"`,
        },
        {
          say: "Send an event.",
          code: 'PostHog.capture("hello leanbase", %{distinct_id: "ada@example.com", from: "elixir"})',
        },
      ],
    },
  ];
}
