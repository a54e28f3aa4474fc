import { Button, Menu, Modal, TextInput } from "@mantine/core";
import { IconCheck, IconPlus, IconSelector } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { createProject, type Project, type ProjectInShort, useProject } from "@/api/session";
import styles from "@/app/Shell.module.css";
import { Problem } from "@/ui/states/States";

/** Which project is looked at, the others, and a new one. */
export function ProjectSwitch({ projects }: { projects: ProjectInShort[] }) {
  const current = useProject();
  const [, navigate] = useLocation();
  const [naming, setNaming] = useState(false);
  return (
    <>
      <Menu position="bottom-start" width={230}>
        <Menu.Target>
          <button type="button" className={styles.switch} aria-label={`Project: ${current.name}`}>
            <span>{current.name}</span>
            <IconSelector size={15} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {projects.map((project) => (
            <Menu.Item
              key={project.id}
              rightSection={project.id === current.id ? <IconCheck size={14} /> : null}
              onClick={() => navigate(`/project/${project.id}`)}
            >
              {project.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconPlus size={15} />} onClick={() => setNaming(true)}>
            New project
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={naming}
        onClose={() => setNaming(false)}
        title="New project"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <NewProject
          onMade={(project) => {
            setNaming(false);
            navigate(`/project/${project.id}/start`);
          }}
        />
      </Modal>
    </>
  );
}

function NewProject({ onMade }: { onMade: (project: Project) => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const making = useMutation({
    mutationFn: () => createProject(name.trim()),
    onSuccess: async (project) => {
      await queries.invalidateQueries({ queryKey: ["projects"] });
      onMade(project);
    },
  });
  return (
    <form
      className={styles.nav}
      style={{ gap: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") making.mutate();
      }}
    >
      <TextInput
        label="Name"
        description="A project has its own key, events and persons."
        data-autofocus
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {making.error ? <Problem problem={making.error} /> : null}
      <Button type="submit" loading={making.isPending} disabled={name.trim() === ""}>
        Create project
      </Button>
    </form>
  );
}
