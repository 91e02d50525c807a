import type { Samples } from '../script.ts';

/** Customers of a software house, in English. */
export const enSoftwareHouse: Samples = {
  opening: {
    as: 'whatsapp',
    from: '+15550100201',
    name: 'Camilla Ferris',
    texts: [
      'Good morning, everyone! This is Camilla from Ferris Wholesale 🙂',
      'Since yesterday’s update I cannot issue invoices. It says “Rejected 539: duplicate number”.',
      'Two loaded trucks are waiting for their papers. Could you have a look?',
    ],
    department: 'Support',
  },
  further: [
    {
      as: 'email',
      from: 'it@pradometal.example',
      name: 'Prado Metalworks',
      texts: [
        'Good morning.\n\nThe stock report takes more than ten minutes to open when we choose the whole year. By month it opens as usual.\n\nTell me if you need the log.\n\nJonas, IT',
      ],
      department: 'Development',
    },
    {
      as: 'whatsapp',
      from: '+15550100202',
      name: 'Star Bakery',
      texts: ['hi all', 'till 2 does not open, it stays on the blue start screen', 'till 1 is fine'],
      department: 'Support',
    },
    {
      as: 'telegram',
      from: '@bruno_integrates',
      name: 'Bruno Adams',
      texts: [
        'Hello! I am connecting our shop to your API',
        'The orders endpoint answers 401 even with the new token. Has the address of the test environment changed?',
      ],
      department: 'Development',
    },
    {
      as: 'webchat',
      from: 'visitor-19be',
      name: 'Lucy Price',
      texts: ['Hello, does your system work for a dental clinic?', 'We are 6 dentists and 2 receptionists'],
      department: 'Support',
    },
    {
      as: 'email',
      from: 'accounts@southroute.example',
      name: 'South Route Haulage',
      texts: [
        'Hello,\n\nWe were billed for 12 users, but our contract says 10. Could you correct it before the due date?\n\nThank you,\nHelen Dwight',
      ],
      department: 'Billing',
    },
    {
      as: 'whatsapp',
      from: '+15550100203',
      name: 'Anthony (Farm Supplies)',
      texts: [
        'Good morning',
        'I have a new computer and need to install the program again',
        'where do I find the licence key?',
      ],
      department: 'Support',
    },
    {
      as: 'telegram',
      from: '@sunflower_school',
      name: 'Sunflower School',
      texts: ['Hi! Could the report cards come with the new school logo?', 'We changed our brand this month 🌻'],
      department: 'Development',
    },
    {
      as: 'whatsapp',
      from: '+15550100204',
      name: 'Renata Okamoto',
      texts: ['Good afternoon!', 'I want to move from the monthly to the yearly plan. What is the discount?'],
      department: 'Billing',
    },
  ],
};
