import { Combobox, Loader, useCombobox } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import styles from "@/ui/pickers/pickers.module.css";

export interface Choice {
  value: string;
  label: string;
  meta?: string;
  group?: string;
}

interface PickerProps {
  label: string;
  text: string;
  choices: Choice[];
  search: string;
  loading?: boolean;
  ghost?: boolean;
  empty?: string;
  /** The list may be opened in a moment: time to ask for what is in it. */
  onNear?: () => void;
  onSearch: (text: string) => void;
  onPick: (value: string) => void;
}

/** What is read aloud holds what is seen, so that speech control finds it. */
const nameWith = (label: string, text: string) =>
  label.toLowerCase().includes(text.toLowerCase()) ? label : `${label}: ${text}`;

/** A button that opens a searchable list. The list's owner does the searching. */
export function Picker(props: PickerProps) {
  const combobox = useCombobox({
    onDropdownClose: (by) => {
      combobox.resetSelectedOption();
      // The field that has the focus goes with the list.
      if (by === "keyboard") combobox.focusTarget();
      props.onSearch("");
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const [opened, setOpened] = useState(false);
  const groups = new Map<string, Choice[]>();
  // A closed list stays in the page; of many pickers that would be thousands of elements.
  for (const choice of combobox.dropdownOpened ? props.choices : []) {
    const group = choice.group ?? "";
    groups.set(group, [...(groups.get(group) ?? []), choice]);
  }
  const option = (choice: Choice) => (
    <Combobox.Option key={choice.value} value={choice.value}>
      <span className={styles.option}>
        <span title={choice.label}>{choice.label}</span>
        {choice.meta ? <span className={styles.meta}>{choice.meta}</span> : null}
      </span>
    </Combobox.Option>
  );
  return (
    <Combobox
      store={combobox}
      width={320}
      position="bottom-start"
      shadow="md"
      onOptionSubmit={(value) => {
        props.onPick(value);
        combobox.closeDropdown();
        combobox.focusTarget();
      }}
    >
      <Combobox.Target targetType="button">
        <button
          type="button"
          className={props.ghost ? `${styles.trigger} ${styles.ghost}` : styles.trigger}
          aria-label={nameWith(props.label, props.text)}
          onPointerEnter={props.onNear}
          onFocus={props.onNear}
          onClick={() => {
            setOpened(true);
            combobox.toggleDropdown();
          }}
        >
          <span>{props.text}</span>
          {props.ghost ? null : <IconChevronDown size={14} aria-hidden />}
        </button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          aria-label={`Search: ${props.label}`}
          placeholder="Search"
          value={props.search}
          onChange={(event) => {
            props.onSearch(event.currentTarget.value);
            combobox.updateSelectedOptionIndex();
          }}
          rightSection={props.loading && opened ? <Loader size={14} /> : null}
        />
        <Combobox.Options mah={300} style={{ overflowY: "auto" }}>
          {[...groups].map(([group, choices]) =>
            group === "" ? (
              choices.map(option)
            ) : (
              <Combobox.Group key={group} label={group}>
                {choices.map(option)}
              </Combobox.Group>
            ),
          )}
          {props.choices.length === 0 && !props.loading ? (
            <Combobox.Empty>{props.empty ?? "Nothing found"}</Combobox.Empty>
          ) : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
