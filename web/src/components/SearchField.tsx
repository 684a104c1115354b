import { SearchOutlined } from "@ant-design/icons";
import { Input } from "antd";
import { useEffect, useState } from "react";

interface Props {
  value: string;
  onSearch: (text: string | undefined) => void;
  placeholder: string;
  label: string;
  width?: number | string;
  size?: "large";
}

/** A search field that asks once the typing has stopped for a moment. */
export function SearchField({ value, onSearch, placeholder, label, width = 240, size }: Props) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) {
      return;
    }
    const timer = window.setTimeout(() => onSearch(text.trim() || undefined), 350);
    return () => window.clearTimeout(timer);
  }, [text, value, onSearch]);
  return (
    <Input
      allowClear
      size={size}
      maxLength={100}
      prefix={<SearchOutlined aria-hidden />}
      placeholder={placeholder}
      aria-label={label}
      value={text}
      onChange={(e) => setText(e.target.value)}
      onPressEnter={() => onSearch(text.trim() || undefined)}
      style={{ width, maxWidth: "100%" }}
    />
  );
}
