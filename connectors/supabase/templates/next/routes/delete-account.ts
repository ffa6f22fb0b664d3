export { deleteAccount as POST } from '../../server/delete-account';
