import * as z from 'zod/mini';
import { look } from '../verb.ts';
import * as views from '../views.ts';

/** How forwardings may end. F9. */
export const listConclusions = look({
  name: 'conclusion.list',
  action: 'conclusion.list',
  input: z.strictObject({}),
  output: views.list(views.conclusion),
  async run({ store }) {
    return { items: await store.catalog.conclusions() };
  },
});
