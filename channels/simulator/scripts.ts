import type { Language, Template } from '#shared/company.ts';
import { enBlank } from './scripts/en/blank.ts';
import { enInternetProvider } from './scripts/en/internet-provider.ts';
import { enShop } from './scripts/en/shop.ts';
import { enSoftwareHouse } from './scripts/en/software-house.ts';
import { ptBlank } from './scripts/pt-BR/blank.ts';
import { ptInternetProvider } from './scripts/pt-BR/internet-provider.ts';
import { ptShop } from './scripts/pt-BR/shop.ts';
import { ptSoftwareHouse } from './scripts/pt-BR/software-house.ts';
import type { Samples } from './scripts/script.ts';

/** The pretended customers of each business template: the one of the first conversation, and those of the sample data. */
export const sampleConversations: Record<Language, Record<Template, Samples>> = {
  'pt-BR': {
    'internet-provider': ptInternetProvider,
    'software-house': ptSoftwareHouse,
    shop: ptShop,
    blank: ptBlank,
  },
  en: {
    'internet-provider': enInternetProvider,
    'software-house': enSoftwareHouse,
    shop: enShop,
    blank: enBlank,
  },
};
