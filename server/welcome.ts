import type { Agent } from '#shared/people.ts';
import { company as english } from '#shared/text/en/company.ts';
import { company as portuguese } from '#shared/text/pt-BR/company.ts';
import { callerOf, type Desk } from './desk/desk.ts';
import { perform } from './desk/perform.ts';
import { list } from './desk/tickets/list.ts';
import { reassign } from './desk/tickets/reassign.ts';
import type { SimulatorLine } from './simulator-line.ts';

/** What pretended customers write; data of the simulator. */
export interface Samples {
  opening: Sample;
  further: readonly Sample[];
}

interface Sample {
  as: string;
  from: string;
  name: string;
  texts: readonly string[];
  /** The department that it is for, by name; absent: where its channel leads. */
  department?: string;
}

interface Means {
  desk: Desk;
  by: Agent;
  simulator: SimulatorLine;
  samples: Samples;
  sampleData: boolean;
}

/**
 * Fills a new desk through its own front door: the pretended customers write by the simulator, so a first conversation
 * waits when the console opens. Sample data adds more of them, spread over the departments.
 */
export async function welcome({ desk, by, simulator, samples, sampleData }: Means): Promise<void> {
  const customers = sampleData ? [...samples.further, samples.opening] : [samples.opening];
  for (const { texts, department: _later, ...customer } of customers) {
    for (const text of texts) await simulator.write(desk.company.id, { ...customer, text });
  }
  if (sampleData) await spread(desk, by, samples.further);
}

/** Moves the sample tickets to the departments that their customers asked for. */
async function spread(desk: Desk, by: Agent, further: readonly Sample[]): Promise<void> {
  const caller = callerOf(by);
  const departments = await desk.store.catalog.departments();
  const { sampleReason: reason } = desk.company.language === 'en' ? english : portuguese;
  const { items } = (await perform(desk, caller, list, { limit: '100' })).value;
  for (const { from, department } of further) {
    const departmentId = departments.find(({ name }) => name === department)?.id;
    const ticket = items.find((item) => item.address === from);
    if (ticket === undefined || departmentId === undefined || departmentId === ticket.departmentId) continue;
    await perform(desk, caller, reassign, { ticketId: ticket.id, departmentId, reason });
  }
}
