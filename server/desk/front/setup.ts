import * as z from 'zod/mini';
import { channelKinds } from '#shared/channel.ts';
import { type Company, languages, templates } from '#shared/company.ts';
import { company as english } from '#shared/text/en/company.ts';
import { company as portuguese } from '#shared/text/pt-BR/company.ts';
import { say } from '#shared/text/say.ts';
import { DeskError, Duplicate } from '../../errors.ts';
import type { KeptAgent, KeptChannel, Records } from '../desk.ts';
import * as input from '../input.ts';
import type { Front } from './front.ts';
import { templateData } from './templates.ts';

/** IANA names that this machine knows. */
const timezone = z.string().check(
  z.refine((name) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
    } catch {
      return false;
    }
  }, 'timezone'),
);

export const setupInput = z.strictObject({
  code: z.string().check(z.maxLength(64, 'too-long')),
  language: z.enum(languages),
  company: input.name,
  timezone,
  name: input.name,
  email: input.email,
  password: input.password,
  template: z.enum(templates),
  sampleData: z.boolean(),
});

export type SetupInput = z.infer<typeof setupInput>;

/**
 * Makes the first company with its admin, departments, conclusions, the simulator's channels and a web chat, all in one
 * transaction. Of two racers one wins. Refuses: setup.done, setup.code-wrong, rate.limited, input.invalid.
 */
export async function setUp(
  front: Front,
  raw: unknown,
): Promise<{ company: Company; agent: KeptAgent; input: SetupInput }> {
  const wanted = input.parsed(setupInput, raw);
  if ((await front.directory.companies()).length > 0) throw new DeskError('setup.done');
  front.setupCode.check(wanted.code);
  const passwordHash = await front.seal.hashPassword(wanted.password);
  const { language, timezone: zone } = wanted;
  const company: Company = { id: front.newId(), name: wanted.company, language, timezone: zone };
  try {
    const agent = await front.bind(company.id).transact(async (records) => {
      await records.directory.addCompany(company, front.now());
      const admin = await addAdmin(front, records, wanted, passwordHash);
      await fill(front, records, company, wanted);
      return admin;
    });
    return { company, agent, input: wanted };
  } catch (error) {
    if (error instanceof Duplicate && error.index === 'company_first') throw new DeskError('setup.done');
    throw error;
  }
}

async function addAdmin(front: Front, records: Records, wanted: SetupInput, passwordHash: string): Promise<KeptAgent> {
  const accountId = front.newId();
  await records.accounts.add({ id: accountId, email: wanted.email, passwordHash });
  const agent: KeptAgent = {
    id: front.newId(),
    accountId,
    name: wanted.name,
    email: wanted.email,
    role: 'admin',
    departmentIds: [],
    active: true,
    invited: false,
  };
  await records.agents.add(agent);
  return agent;
}

async function fill(front: Front, records: Records, company: Company, wanted: SetupInput): Promise<void> {
  const data = templateData(wanted.template, company.language);
  const departmentIds: string[] = [];
  for (const [color, name] of data.departments.entries()) {
    const id = front.newId();
    departmentIds.push(id);
    await records.catalog.addDepartment({ id, name, color, attends: true, active: true });
  }
  for (const conclusion of data.conclusions) {
    await records.catalog.addConclusion({ id: front.newId(), ...conclusion, active: true });
  }
  const departmentId = departmentIds[0] ?? '';
  for (const channel of firstChannels(front, company, departmentId)) await records.channels.add(channel);
}

const names = { whatsapp: 'WhatsApp', telegram: 'Telegram', email: 'E-mail', webchat: 'Chat' };

/** One simulator for each kind of network, and a real web chat for the company's site. */
function firstChannels(front: Front, company: Company, departmentId: string): KeptChannel[] {
  const words = company.language === 'en' ? english : portuguese;
  const common = { departmentId, active: true };
  const simulators = channelKinds.map((kind) => ({
    id: front.newId(),
    kind,
    name: say(words.simulator, { network: names[kind] }),
    simulated: true,
    publicId: null,
    settings: {},
    account: null,
    lastIn: null,
    lastOut: null,
    ...common,
  }));
  const id = front.newId();
  const webchat: KeptChannel = {
    id,
    kind: 'webchat',
    name: words.webchat,
    simulated: false,
    publicId: front.seal.token().slice(0, 22),
    settings: front.channelKinds.settle({ seal: front.seal, company }, { id, kind: 'webchat', settings: {} }, {}),
    account: null,
    lastIn: null,
    lastOut: null,
    ...common,
  };
  return [...simulators, webchat];
}
