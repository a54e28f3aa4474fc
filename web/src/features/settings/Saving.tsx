import { Button } from "@mantine/core";
import { Problem } from "@/ui/states/States";

interface SavingProps {
  saving: { error: unknown; isPending: boolean };
  /** Nothing is changed yet. */
  disabled?: boolean;
  label?: string;
}

/** The end of a form of settings: the button that saves, and why that failed. */
export function Saving({ saving, disabled = false, label = "Save" }: SavingProps) {
  return (
    <>
      {saving.error ? <Problem problem={saving.error} /> : null}
      <div>
        <Button type="submit" loading={saving.isPending} disabled={disabled}>
          {label}
        </Button>
      </div>
    </>
  );
}
