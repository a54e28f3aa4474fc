/** Code that sends a first event, for each way to send one. Each works when pasted. */

import { mobileWays } from "@/features/first-run/mobileSnippets";
import { moreServerWays } from "@/features/first-run/serverSnippets";

export interface Way {
  id: string;
  title: string;
  steps: { say: string; code: string }[];
}

export function waysToSend(token: string, host: string): Way[] {
  return [
    {
      id: "web",
      title: "Web page",
      steps: [
        {
          say: "Paste this before </head>. Page views and clicks arrive by themselves.",
          code: `<script src="${host}/static/array.js"></script>
<script>
  posthog.init("${token}", { api_host: "${host}", person_profiles: "identified_only" })
</script>`,
        },
      ],
    },
    {
      id: "react",
      title: "React",
      steps: [
        { say: "Install the packages.", code: "npm install posthog-js @posthog/react" },
        {
          say: "Wrap your app.",
          code: `import { PostHogProvider } from "@posthog/react"

createRoot(document.getElementById("root")).render(
  <PostHogProvider apiKey="${token}" options={{ api_host: "${host}", person_profiles: "identified_only" }}>
    <App />
  </PostHogProvider>,
)`,
        },
        {
          say: "Any component can send an event.",
          code: `import { usePostHog } from "@posthog/react"

const posthog = usePostHog()
posthog.capture("hello leanbase", { from: "react" })`,
        },
      ],
    },
    {
      id: "js",
      title: "JavaScript",
      steps: [
        { say: "Install the package.", code: "npm install posthog-js" },
        {
          say: "Start it where your app starts (Vue, Svelte, Angular, plain).",
          code: `import posthog from "posthog-js"

posthog.init("${token}", { api_host: "${host}", person_profiles: "identified_only" })
posthog.capture("hello leanbase", { from: "my app" })`,
        },
      ],
    },
    {
      id: "next",
      title: "Next.js",
      steps: [
        { say: "Install the package.", code: "npm install posthog-js" },
        {
          say: "Next.js 15.3 and newer: make the file instrumentation-client.ts.",
          code: `import posthog from "posthog-js"

posthog.init("${token}", { api_host: "${host}", defaults: "2025-05-24" })`,
        },
      ],
    },
    {
      id: "python",
      title: "Python",
      steps: [
        { say: "Install the package.", code: "pip install posthog" },
        {
          say: "Send an event.",
          code: `from posthog import Posthog

posthog = Posthog("${token}", host="${host}")
posthog.capture("hello leanbase", distinct_id="ada@example.com", properties={"from": "python"})
posthog.shutdown()`,
        },
      ],
    },
    {
      id: "node",
      title: "Node",
      steps: [
        { say: "Install the package.", code: "npm install posthog-node" },
        {
          say: "Send an event.",
          code: `import { PostHog } from "posthog-node"

const posthog = new PostHog("${token}", { host: "${host}" })
posthog.capture({ distinctId: "ada@example.com", event: "hello leanbase", properties: { from: "node" } })
await posthog.shutdown()`,
        },
      ],
    },
    {
      id: "go",
      title: "Go",
      steps: [
        { say: "Get the module.", code: "go get github.com/posthog/posthog-go" },
        {
          say: "Send an event.",
          code: `package main

import "github.com/posthog/posthog-go"

func main() {
	client, err := posthog.NewWithConfig("${token}", posthog.Config{Endpoint: "${host}"})
	if err != nil {
		panic(err)
	}
	defer client.Close()
	client.Enqueue(posthog.Capture{
		DistinctId: "ada@example.com",
		Event:      "hello leanbase",
		Properties: posthog.NewProperties().Set("from", "go"),
	})
}`,
        },
      ],
    },
    {
      id: "php",
      title: "PHP",
      steps: [
        { say: "Install the package.", code: "composer require posthog/posthog-php" },
        {
          say: "Send an event.",
          code: `<?php
require __DIR__ . '/vendor/autoload.php';

PostHog\\PostHog::init('${token}', ['host' => '${host}']);
PostHog\\PostHog::capture([
    'distinctId' => 'ada@example.com',
    'event' => 'hello leanbase',
    'properties' => ['from' => 'php'],
]);
PostHog\\PostHog::flush();`,
        },
      ],
    },
    {
      id: "ruby",
      title: "Ruby",
      steps: [
        { say: "Install the gem.", code: "gem install posthog-ruby" },
        {
          say: "Send an event.",
          code: `require "posthog"

posthog = PostHog::Client.new(api_key: "${token}", host: "${host}")
posthog.capture(distinct_id: "ada@example.com", event: "hello leanbase", properties: { from: "ruby" })
posthog.shutdown`,
        },
      ],
    },
    ...moreServerWays(token, host),
    ...mobileWays(token, host),
    {
      id: "curl",
      title: "curl",
      steps: [
        {
          say: "Any language that speaks HTTP can do this.",
          code: `curl ${host}/i/v0/e/ \\
  -H 'Content-Type: application/json' \\
  -d '{"api_key": "${token}", "event": "hello leanbase", "distinct_id": "ada@example.com", "properties": {"from": "curl"}}'`,
        },
      ],
    },
  ];
}
