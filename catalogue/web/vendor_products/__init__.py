"""Pages on which a vendor's people write about their products. Nobody else has them: 404, whether there is something or not."""
