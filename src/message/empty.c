/* placeholder until the layer's first file lands. */
typedef int layer_is_empty;
