import { TextInput, type TextInputProps } from "@mantine/core";
import { useEffect, useState } from "react";

interface LaterTextProps extends Omit<TextInputProps, "value" | "onChange" | "label"> {
  label: string;
  value: string;
  onApply: (text: string) => void;
}

/** A field whose text is applied with Enter or on leaving it, so that not every letter is a question. */
export function LaterText({ label, value, onApply, ...rest }: LaterTextProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const apply = () => {
    if (text.trim() !== value) onApply(text.trim());
  };
  return (
    <TextInput
      size="xs"
      aria-label={label}
      value={text}
      {...rest}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={apply}
      onKeyDown={(event) => event.key === "Enter" && apply()}
    />
  );
}
