import { s3RepositorySuite } from './s3-repository.js';

s3RepositorySuite('versitygw');
