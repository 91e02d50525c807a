import type { Language, Template } from '#shared/company.ts';

/** What a business template brings: the departments (the first takes the channels) and the conclusions of forwardings. */
export interface TemplateData {
  departments: string[];
  conclusions: { name: string; forRequester: boolean }[];
}

const conclusions: Record<Language, TemplateData['conclusions']> = {
  'pt-BR': [
    { name: 'Resolvido', forRequester: false },
    { name: 'Orientado', forRequester: false },
    { name: 'Agendado', forRequester: false },
    { name: 'Não procede', forRequester: false },
    { name: 'Sem solução no momento', forRequester: false },
    { name: 'Retirado pelo solicitante', forRequester: true },
  ],
  en: [
    { name: 'Solved', forRequester: false },
    { name: 'Advice given', forRequester: false },
    { name: 'Scheduled', forRequester: false },
    { name: 'Not applicable', forRequester: false },
    { name: 'No solution for now', forRequester: false },
    { name: 'Withdrawn by the requester', forRequester: true },
  ],
};

const departments: Record<Language, Record<Template, string[]>> = {
  'pt-BR': {
    'internet-provider': ['Suporte técnico', 'Financeiro', 'Comercial'],
    'software-house': ['Suporte', 'Desenvolvimento', 'Financeiro'],
    shop: ['Vendas', 'Trocas e entregas', 'Financeiro'],
    blank: ['Atendimento'],
  },
  en: {
    'internet-provider': ['Technical support', 'Billing', 'Sales'],
    'software-house': ['Support', 'Development', 'Billing'],
    shop: ['Sales', 'Returns and delivery', 'Billing'],
    blank: ['Service desk'],
  },
};

/** A template in the company's language. */
export function templateData(template: Template, language: Language): TemplateData {
  return { departments: departments[language][template], conclusions: conclusions[language] };
}
