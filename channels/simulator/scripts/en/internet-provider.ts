import type { Samples } from '../script.ts';

/** Customers of an internet provider, in English. */
export const enInternetProvider: Samples = {
  opening: {
    as: 'whatsapp',
    from: '+15550100101',
    name: 'Grace Bennett',
    texts: [
      'Hi, good morning! 😊',
      'My internet went down last night and it is still off. I unplugged the router, waited a few minutes and plugged it back in, but the red light keeps blinking.',
      'I work from home and have a call at 10. Can you help?',
    ],
    department: 'Technical support',
  },
  further: [
    {
      as: 'whatsapp',
      from: '+15550100102',
      name: 'Corner Market',
      texts: [
        'Good morning, this is Sam from Corner Market',
        'Our card terminals drop every few minutes, I think the connection is unstable',
        'Contract 10432, Fibre 500',
      ],
      department: 'Technical support',
    },
    {
      as: 'telegram',
      from: '@john_whitfield',
      name: 'John Whitfield',
      texts: [
        'Hello! I ordered the 700 Mb plan last week and nobody has come yet',
        'Is there a date for the installation?',
      ],
      department: 'Technical support',
    },
    {
      as: 'email',
      from: 'accounts@lakesideclinic.example',
      name: 'Lakeside Clinic',
      texts: [
        'Good morning,\n\nWe cannot find the invoice for October. Could you please send us a copy of the invoice and of the payment slip?\n\nKind regards,\nMargaret Hale\nLakeside Clinic',
      ],
      department: 'Billing',
    },
    {
      as: 'whatsapp',
      from: '+15550100103',
      name: 'Ryan Cole',
      texts: ['hi', 'I paid the bill yesterday but my internet is still blocked 😕', 'shall I send you the receipt?'],
      department: 'Billing',
    },
    {
      as: 'webchat',
      from: 'visitor-7c41',
      name: 'Teresa Alvarez',
      texts: [
        'Hello! Do you serve Acacia Gardens?',
        'I would like to know the plans and whether there is a set-up fee',
      ],
      department: 'Sales',
    },
    {
      as: 'telegram',
      from: '@oakhouse_flats',
      name: 'Oak House Flats',
      texts: [
        'Good morning. I manage Oak House, 48 flats.',
        'I would like an offer for internet in the common areas and for the cameras.',
      ],
      department: 'Sales',
    },
    {
      as: 'whatsapp',
      from: '+15550100104',
      name: 'Dorothy Miller',
      texts: [
        'Good afternoon dear',
        'the television freezes every evening during the news',
        'the young man who installed it said to just write here',
        'Bless you 🙏',
      ],
      department: 'Technical support',
    },
    {
      as: 'email',
      from: 'peter.marsh@mail.example',
      name: 'Peter Marsh',
      texts: [
        'Hello,\n\nI am moving on the 15th and want to take my internet along to the new address (220 Palm Street). What do I have to do and what does it cost?\n\nThanks,\nPeter',
      ],
      department: 'Sales',
    },
  ],
};
