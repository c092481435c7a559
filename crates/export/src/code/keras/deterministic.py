encoder = keras.Sequential(
    [
        keras.Input((«shape»)),
«encoder»
    ],
    name="encoder",
)
decoder = keras.Sequential(
    [
        keras.Input((«code»,)),
«decoder»
    ],
    name="decoder",
)
autoencoder = keras.Sequential([encoder, decoder], name="autoencoder")
