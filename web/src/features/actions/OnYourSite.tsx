import { Button, Modal } from "@mantine/core";
import { IconExternalLink, IconPointer } from "@tabler/icons-react";
import { useState } from "react";
import { useProject } from "@/api/session";
import { openToolbar } from "@/api/toolbar";
import { AuthorisedUrls } from "@/ui/AuthorisedUrls";
import { Problem } from "@/ui/states/States";

/** Opens an own site with the toolbar, which makes actions of what is clicked there. */
export function OnYourSite() {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="default" leftSection={<IconPointer size={15} />} onClick={() => setOpened(true)}>
        By clicking on your site
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title="New action by clicking on your site"
        size="lg"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Sites />
      </Modal>
    </>
  );
}

function Sites() {
  const { id } = useProject();
  const [problem, setProblem] = useState<unknown>(null);
  const [blocked, setBlocked] = useState("");
  const open = async (url: string) => {
    setProblem(null);
    setBlocked("");
    // Opened while the click is fresh, else browsers block it; the address follows.
    const tab = window.open("", "_blank");
    if (tab) tab.opener = null;
    try {
      const { url: address } = await openToolbar(id, url);
      if (tab) tab.location.href = address;
      else setBlocked(address);
    } catch (failed) {
      tab?.close();
      setProblem(failed);
    }
  };
  return (
    <>
      <p className="quiet">
        Choose your site: it opens in a new tab with a bar at its bottom. Pick a button or a link there, and it becomes
        an action. The site must run posthog-js with this project's key. Only authorised sites can be opened; the
        permission ends after an hour, or when you close the bar.
      </p>
      <AuthorisedUrls
        action={(url) =>
          url.includes("*") ? null : (
            <Button
              size="xs"
              leftSection={<IconExternalLink size={14} />}
              onClick={() => open(url)}
              aria-label={`Open ${url}`}
            >
              Open
            </Button>
          )
        }
      />
      {blocked ? (
        <p role="status">
          Your browser blocked the new tab.{" "}
          <a href={blocked} target="_blank" rel="noopener noreferrer">
            Open the site
          </a>
        </p>
      ) : null}
      {problem ? <Problem problem={problem} /> : null}
    </>
  );
}
