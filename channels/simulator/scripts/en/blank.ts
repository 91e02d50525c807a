import type { Samples } from '../script.ts';

/** Customers of any business, in English. */
export const enBlank: Samples = {
  opening: {
    as: 'whatsapp',
    from: '+15550100401',
    name: 'Fiona Lopez',
    texts: [
      'Hi, good afternoon! How are you? 😊',
      'A friend recommended you and I have a few questions before I sign up.',
      'Can I ask them here?',
    ],
    department: 'Service desk',
  },
  further: [
    {
      as: 'whatsapp',
      from: '+15550100402',
      name: 'Charles Mendes',
      texts: ['Good morning', 'I need to move my appointment from tomorrow to Thursday, is that possible?'],
      department: 'Service desk',
    },
    {
      as: 'email',
      from: 'beatrice.fields@mail.example',
      name: 'Beatrice Fields',
      texts: [
        'Hello,\n\nCould you send me a quote? It is three rooms, about 60 m² in all. I can send photos if that helps.\n\nBest,\nBeatrice',
      ],
      department: 'Service desk',
    },
    {
      as: 'telegram',
      from: '@diego_santana_',
      name: 'Diego Santana',
      texts: ['Hey there', 'Are you open on the holiday?'],
      department: 'Service desk',
    },
    {
      as: 'webchat',
      from: 'visitor-c90f',
      name: 'Marian',
      texts: ['Hello! How long does delivery to the coast take?'],
      department: 'Service desk',
    },
    {
      as: 'whatsapp',
      from: '+15550100403',
      name: 'Nelson’s Garage',
      texts: ['good afternoon', 'is my order ready?', 'I can come by at the end of the day'],
      department: 'Service desk',
    },
    {
      as: 'email',
      from: 'office@aurorainstitute.example',
      name: 'Aurora Institute',
      texts: [
        'Good morning.\n\nWe would like to renew the contract that ends this month, on the same terms. What do we have to do?\n\nSincerely,\nRobert Aguiar',
      ],
      department: 'Service desk',
    },
    {
      as: 'webchat',
      from: 'visitor-31aa',
      name: 'Visitor 31aa',
      texts: ['anyone there?', 'I need to talk to a person about a payment'],
      department: 'Service desk',
    },
    {
      as: 'telegram',
      from: '@sylvia_prado',
      name: 'Sylvia Prado',
      texts: ['Just dropping by to say thanks for last week. You sorted it all out! 💚'],
      department: 'Service desk',
    },
  ],
};
