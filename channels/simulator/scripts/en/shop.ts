import type { Samples } from '../script.ts';

/** Customers of a shop, in English. */
export const enShop: Samples = {
  opening: {
    as: 'whatsapp',
    from: '+15550100301',
    name: 'Julia Carter',
    texts: [
      'Hiii, good afternoon! 😍',
      'I saw the green linen dress on Instagram. Do you still have it in size M?',
      'It is for a wedding on Saturday, so I would need to know whether it gets here by Friday 🙏',
    ],
    department: 'Sales',
  },
  further: [
    {
      as: 'whatsapp',
      from: '+15550100302',
      name: 'Mark Vincent',
      texts: [
        'Good afternoon',
        'my order 88213 shows as delivered but I got nothing',
        'I live in a block of flats and the doorman has not seen it either',
      ],
      department: 'Returns and delivery',
    },
    {
      as: 'email',
      from: 'patricia.gomez@mail.example',
      name: 'Patricia Gomez',
      texts: [
        'Hello,\n\nI bought trainers in size 6 and they are too small. I would like to change them for size 7. The label is untouched. How do I send them back?\n\nOrder 88190.\n\nThank you!',
      ],
      department: 'Returns and delivery',
    },
    {
      as: 'webchat',
      from: 'visitor-a302',
      name: 'Philip Rock',
      texts: ['hi, the voucher WELCOME10 does not work in the cart'],
      department: 'Sales',
    },
    {
      as: 'telegram',
      from: '@beas_studio',
      name: 'Bea’s Studio',
      texts: ['Hi! Do you sell wholesale?', 'I would like 30 plain pieces to embroider, white and natural'],
      department: 'Sales',
    },
    {
      as: 'whatsapp',
      from: '+15550100303',
      name: 'Sonia Reed',
      texts: ['good morning', 'I swiped my card twice by mistake', 'will I be charged double?? 😟'],
      department: 'Billing',
    },
    {
      as: 'email',
      from: 'purchasing@bluehillhotel.example',
      name: 'Blue Hill Hotel',
      texts: [
        'Good morning,\n\nWe need the invoice for order 88102 in the name of the company. The one that came is in the name of our buyer.\n\nKind regards,\nPurchasing',
      ],
      department: 'Billing',
    },
    {
      as: 'webchat',
      from: 'visitor-5d7e',
      name: 'Laura',
      texts: ['Do you have a shop I can visit?', 'I would like to try it on before I buy 😅'],
      department: 'Sales',
    },
    {
      as: 'telegram',
      from: '@gus_henry',
      name: 'Gus Henry',
      texts: [
        'It arrived today, beautifully packed! 👏',
        'Only the colour is wrong: I ordered navy and got black. How do I change it?',
      ],
      department: 'Returns and delivery',
    },
  ],
};
