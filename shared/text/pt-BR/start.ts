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
};
