import {
  CalendarOutlined,
  ClockCircleOutlined,
  FieldTimeOutlined,
  HourglassOutlined,
  WarningFilled,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import { useI18n } from "@/shared/i18n/context.tsx";
import type { Bucket } from "./buckets.ts";

export function bucketIcon(bucket: Bucket): ReactNode {
  switch (bucket) {
    case "overdue":
      return <WarningFilled />;
    case "h1":
      return <HourglassOutlined />;
    case "h4":
      return <ClockCircleOutlined />;
    case "h24":
      return <FieldTimeOutlined />;
    case "later":
      return <CalendarOutlined />;
  }
}

/** A bucket by its sign and its name: colour alone would not tell. */
export function BucketName({ bucket, short = false }: { bucket: Bucket; short?: boolean }) {
  const { term } = useI18n();
  return (
    <span className={`z-bucket z-bucket-${bucket}`}>
      {bucketIcon(bucket)} {term(short ? "bucketShort" : "bucket", bucket)}
    </span>
  );
}
