import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useDeferredValue, useState } from "react";
import { api, must } from "@/api/client.ts";
import type { PlaceItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

const SHOWN = 12;

function usePlaces(words: string) {
  const q = useDeferredValue(words.trim());
  return useQuery({
    queryKey: ["pick-places", q],
    queryFn: () =>
      must(api.GET("/api/v1/tracing/places", { params: { query: { q, limit: SHOWN } } })),
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
  });
}

interface Props {
  id?: string;
  value?: number;
  onChange?: (place: number) => void;
}

/** One place, found by words of its name or by its id; part of a form. */
export function PlacePicker({ id, value, onChange }: Props) {
  const { t } = useI18n();
  const [words, setWords] = useState("");
  const found = usePlaces(words);
  const asked = words.trim().length > 0;
  const items = asked ? (found.data?.items ?? []) : [];
  return (
    <Select
      {...(id ? { id } : {})}
      showSearch={{ filterOption: false, onSearch: setWords }}
      value={value ?? null}
      onChange={(place: number | null) => {
        if (place !== null) onChange?.(place);
      }}
      loading={found.isFetching}
      placeholder={t("places.search")}
      options={items.map((one) => ({ value: one.place, label: one.name, place: one }))}
      optionRender={({ data }) => <PlaceOption place={data.place} />}
      notFoundContent={<Nothing asked={asked} found={found} />}
      popupRender={(list) => (
        <>
          {list}
          {asked && found.data?.next ? (
            <p className="z-hint z-place-more">{t("places.more")}</p>
          ) : null}
        </>
      )}
    />
  );
}

function Nothing({
  asked,
  found,
}: {
  asked: boolean;
  found: { isFetching: boolean; isError: boolean };
}) {
  const { t } = useI18n();
  if (!asked) return <span className="z-hint">{t("places.type")}</span>;
  if (found.isError) return <span className="z-warn">{t("error.failed")}</span>;
  return <span className="z-hint">{t(found.isFetching ? "places.searching" : "places.none")}</span>;
}

/** Name and id, then what it is and in which county. */
function PlaceOption({ place }: { place: PlaceItem }) {
  const { t, term } = useI18n();
  return (
    <span className="z-place">
      <span className="z-place-name">
        <b>{place.name}</b> <span className="z-code">{place.place_id}</span>
      </span>
      <small>
        {term("placeKind", place.kind)} · {place.county?.name ?? t("places.noCounty")}
        {place.unit && place.unit.code !== place.county?.code ? ` · ${place.unit.name}` : ""}
      </small>
    </span>
  );
}
