/** What the terminal says while the desk starts. */
export const start = {
  embedded: 'Banco: embutido em {folder} (para avaliação e equipes pequenas; em produção defina MONGODB_URI)',
  ready: 'Balcão em {origin}',
  readyToSetUp: 'Balcão em {origin} - instale uma única vez em {link}',
  portTaken: 'A porta {port} já está em uso por outro programa: encerre-o ou defina PORT com outra porta.',
  hostUnusable: 'Não é possível atender em {host}:{port}: confira HOST e PORT.',
  folderBusy:
    'A pasta de dados {folder} está em uso pelo processo {pid}: encerre-o, ou defina DATA_DIR ou MONGODB_URI.',
  folderUnusable: 'A pasta de dados {folder} não pode ser criada: defina DATA_DIR com uma pasta gravável.',
  noAnswer: 'O banco de dados não responde ({cause}): confira MONGODB_URI, ou não a defina para usar o banco embutido.',
  noReplicaSet:
    'O servidor de MONGODB_URI não é um replica set e não tem transações: inicie-o com --replSet rs0 e execute rs.initiate() uma vez (um nó basta).',
};
