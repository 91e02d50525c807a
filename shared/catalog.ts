/** Registries of a company. Inactive items are shown on old tickets and refused for new use (seed rule R23). */

/** A department: owns tickets. `attends: false` makes it no target for tickets and forwardings (R22). `color` is an index into the eight department colours. */
export interface Department {
  id: string;
  name: string;
  color: number;
  attends: boolean;
  active: boolean;
}

/** How a forwarding ended. `forRequester`: the one who asked may answer with it ("Retirado pelo solicitante"). */
export interface Conclusion {
  id: string;
  name: string;
  forRequester: boolean;
  active: boolean;
}

/** Number of department colours in the style sheet; `color` runs from 0 to this minus one. */
export const departmentColors = 8;
