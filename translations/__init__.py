"""Languages: catalogues, sentences, words people type; knows nothing of trees or people."""
