import { createContext, type ReactNode, use } from "react";
import type { WhatIfForm } from "../queries.ts";

const Ground = createContext<WhatIfForm | null>(null);

/** The unit that is asked about, for the maps of its areas. */
export function OnGround({ form, children }: { form: WhatIfForm; children: ReactNode }) {
  return <Ground value={form}>{children}</Ground>;
}

export const useForm = (): WhatIfForm | null => use(Ground);
