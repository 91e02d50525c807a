import type { Samples } from '../script.ts';

/** Customers of a software house, in Portuguese. */
export const ptSoftwareHouse: Samples = {
  opening: {
    as: 'whatsapp',
    from: '+5511990000201',
    name: 'Camila Ferraz',
    texts: [
      'Bom dia, pessoal! Aqui é a Camila, da Distribuidora Ferraz 🙂',
      'Desde a atualização de ontem não consigo emitir nota fiscal. Aparece "Rejeição 539: duplicidade de NF-e".',
      'Tenho dois caminhões carregados esperando a nota para sair. Podem dar uma olhada?',
    ],
    department: 'Suporte',
  },
  further: [
    {
      as: 'email',
      from: 'ti@metalurgicaprado.example',
      name: 'Metalúrgica Prado',
      texts: [
        'Bom dia.\n\nO relatório de estoque está demorando mais de dez minutos para abrir quando escolhemos o ano inteiro. Por mês abre normalmente.\n\nSe precisarem do log, é só avisar.\n\nJonas, TI',
      ],
      department: 'Desenvolvimento',
    },
    {
      as: 'whatsapp',
      from: '+5511990000202',
      name: 'Padaria Estrela',
      texts: ['oi gente', 'o caixa 2 não abre, fica na tela azul do sistema', 'o caixa 1 tá normal'],
      department: 'Suporte',
    },
    {
      as: 'telegram',
      from: '@bruno_dev_integra',
      name: 'Bruno Azevedo',
      texts: [
        'Boa tarde! Estou integrando nossa loja com a API de vocês',
        'O endpoint de pedidos responde 401 mesmo com o token novo. O ambiente de homologação mudou de endereço?',
      ],
      department: 'Desenvolvimento',
    },
    {
      as: 'webchat',
      from: 'visitante-19be',
      name: 'Luciana Prates',
      texts: ['Olá, o sistema de vocês atende clínica odontológica?', 'Somos 6 dentistas e 2 recepcionistas'],
      department: 'Suporte',
    },
    {
      as: 'email',
      from: 'contas@transportesrota.example',
      name: 'Transportes Rota Sul',
      texts: [
        'Prezados,\n\nRecebemos a fatura com 12 usuários, mas o contrato é de 10. Poderiam corrigir antes do vencimento?\n\nGrata,\nHelena Duarte',
      ],
      department: 'Financeiro',
    },
    {
      as: 'whatsapp',
      from: '+5511990000203',
      name: 'Seu Antônio (Agropecuária)',
      texts: [
        'Bom dia',
        'troquei de computador e preciso instalar o programa de novo',
        'onde eu pego a senha da licença?',
      ],
      department: 'Suporte',
    },
    {
      as: 'telegram',
      from: '@escola_girassol',
      name: 'Escola Girassol',
      texts: ['Oi! Dá para o boletim sair com o logotipo novo da escola?', 'Mudamos a marca este mês 🌻'],
      department: 'Desenvolvimento',
    },
    {
      as: 'whatsapp',
      from: '+5511990000204',
      name: 'Renata Okamoto',
      texts: ['Olá, boa tarde!', 'Quero passar do plano mensal para o anual, como fica o desconto?'],
      department: 'Financeiro',
    },
  ],
};
