import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { createDashboard, type DashboardTemplate, useTemplates } from "@/api/dashboards";
import { useProject, useProjectPath } from "@/api/session";
import styles from "@/features/dashboards/dashboards.module.css";
import { EventPicker } from "@/ui/pickers/EventPicker";
import { Problem } from "@/ui/states/States";

/** A dashboard that is empty, or made of a template with the project's own events. */
export function NewDashboard({ onClose }: { onClose: () => void }) {
  const { id } = useProject();
  const path = useProjectPath();
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const templates = useTemplates();
  const [template, setTemplate] = useState<DashboardTemplate | null>(null);
  const [name, setName] = useState("");
  const [events, setEvents] = useState<Record<string, string | null>>({});
  const making = useMutation({
    mutationFn: () =>
      createDashboard(id, {
        name: name.trim() || undefined,
        ...(template ? { use_template: template.id, template_variables: events } : {}),
      }),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ["dashboards", id] });
      onClose();
      navigate(path(`dashboards/${made.id}`));
    },
  });
  const choose = (chosen: DashboardTemplate | null) => {
    setTemplate(chosen);
    setEvents({});
  };
  return (
    <Modal opened onClose={onClose} title="New dashboard" size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      <form
        className={styles.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          if (template || name.trim()) making.mutate();
        }}
      >
        <div className={styles.choices}>
          <button type="button" className={styles.choice} aria-pressed={template === null} onClick={() => choose(null)}>
            <strong>Empty</strong>
            <span>Insights are put on it as you save them.</span>
          </button>
          {(templates.data?.results ?? []).map((one) => (
            <button
              key={one.id}
              type="button"
              className={styles.choice}
              aria-pressed={template?.id === one.id}
              onClick={() => choose(one)}
            >
              <strong>{one.template_name}</strong>
              <span>{one.dashboard_description}</span>
            </button>
          ))}
        </div>
        <TextInput
          label="Name"
          placeholder={template?.template_name}
          required={template === null}
          maxLength={400}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {template?.variables.map((variable) => {
          const event = variable.id in events ? events[variable.id] : variable.default.id;
          return (
            <div key={variable.id}>
              <h3>{variable.name}</h3>
              <p className="quiet">{variable.description}</p>
              <EventPicker
                label={`${variable.name}: ${event ?? "Any event"}`}
                text={event ?? "Any event"}
                withAll={!variable.required}
                onPick={(picked) => setEvents({ ...events, [variable.id]: picked.event })}
              />
            </div>
          );
        })}
        {making.error ? <Problem problem={making.error} /> : null}
        <Button type="submit" disabled={!template && !name.trim()} loading={making.isPending}>
          Create
        </Button>
      </form>
    </Modal>
  );
}
