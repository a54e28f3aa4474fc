import { useState } from "react";
import { Picker } from "@/ui/pickers/Picker";
import { type Owner, type PickedProperty, usePropertyChoices } from "@/ui/pickers/usePropertyChoices";

interface PropertyPickerProps {
  label: string;
  text: string;
  ghost?: boolean;
  owners?: Owner[];
  onPick: (picked: PickedProperty) => void;
}

const USUAL: Owner[] = ["event", "person"];
const NOBODY: Owner[] = [];

/** Properties that were seen, with their types; where asked for also cohorts and SQL expressions. */
export function PropertyPicker({ label, text, ghost, owners = USUAL, onPick }: PropertyPickerProps) {
  const [search, setSearch] = useState("");
  // A page may have many of these, of which most are never opened.
  const [near, setNear] = useState(false);
  const { choices, loading } = usePropertyChoices(search, near ? owners : NOBODY);
  return (
    <Picker
      label={label}
      text={text}
      ghost={ghost}
      choices={choices}
      search={search}
      loading={loading}
      empty="No properties yet"
      onNear={() => setNear(true)}
      onSearch={setSearch}
      onPick={(value) => {
        const chosen = choices.find((choice) => choice.value === value);
        if (chosen) onPick(chosen.picked);
      }}
    />
  );
}
