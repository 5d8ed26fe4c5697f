#include "pipeline/function_words.h"

#include <string>

#include <xxhash.h>
#include <boost/unordered/unordered_flat_set.hpp>

#include "pipeline/words.h"

namespace vigie {
namespace {

constexpr std::string_view kWords[] = {
    // English
    "the be to of and a in that have i it for not on with he as you do at this but his by from they we say her she or "
    "an will my "
    "one all would there their what so up out if about who get which go me when make can like time no just him know "
    "take into "
    "year your good some could them see other than then now look only come its over think also back after use two how "
    "our work "
    "first well way even new want because any these give day most us is are was were been has had did does don doesn "
    "didn isn "
    "wasn won can couldn wouldn shouldn ve re ll im ive dont cant didnt doesnt never always very really too more much "
    "many here "
    "where why again still every something nothing got going am being am should may might must off through while "
    "before "
    "today tomorrow tonight yesterday need let keep put u ur lol thanks thank please great love best night week last "
    "next may",
    // French
    "le la les l de des du d un une et est en que qu qui dans pour pas sur ce cette ces se s il elle ils elles je j "
    "tu nous vous "
    "on ne n au aux avec plus par mais sont son sa ses mon ma mes ton ta tes notre nos votre vos leur leurs ou si "
    "comme tout tous "
    "toute toutes fait faire etre etait ete avoir ai as a ont avons avez avait y c m t lui moi toi eux bien tres trop "
    "aussi meme "
    "encore rien jamais toujours quand donc car sans sous chez vers apres avant depuis pendant entre cela ca ceci "
    "celui celle "
    "suis es sommes etes peut peux faut va vais vont dit alors voila quoi dont deja ici merci bonjour non oui jour "
    "jours aujourd "
    "hui demain hier peu beaucoup moins autre autres quel quelle parce puis contre ni aucun aucune plusieurs deux "
    "trois fois",
    // German
    "der die das und ist in den von zu mit sich des auf fur im dem nicht ein eine als auch es an werden aus er hat "
    "dass sie nach "
    "wird bei einer um am sind noch wie einem uber einen so zum war haben nur oder aber vor zur bis mehr durch man "
    "sein wurde "
    "sei ich du wir ihr mich mir dich dir uns euch mein meine dein deine ihn ihm wenn was wer wo warum weil dann da "
    "hier jetzt "
    "schon immer wieder gut ja nein kein keine keinen mal doch heute morgen gestern habe hab hast bin bist kann "
    "kannst muss will "
    "soll nichts alles viel sehr ganz diese dieser dieses ohne gegen unter zwischen seit einfach endlich danke bitte "
    "leider "
    "geht gibt macht jeder jede alle beim vom ins ubers wieso denn ob damit ach eigentlich halt nun leute neue neuen",
    // Spanish
    "de la que el en y a los se del las un por con no una su para es al lo como mas o pero sus le ha me si sin sobre "
    "este ya entre "
    "cuando todo esta ser son dos tambien fue habia era muy anos hasta desde mi porque que solo han yo hay vez puede "
    "todos asi "
    "nos ni parte tiene el uno donde bien tiempo mismo ese ahora cada e vida otro despues te otros aunque esa eso "
    "hace otra "
    "gobierno tan durante siempre dia tanto ella tres sido gran pais segun menos ustedes usted quien estoy estas "
    "estan estaba "
    "soy eres somos tengo tienes tenemos quiero hoy manana ayer gracias hola nada algo nunca jamas tu tus ti conmigo "
    "voy vamos "
    "va hacer creo mejor buenos buenas dias noches mucho mucha muchas muchos pues cosas cosa esto les mis igual aqui "
    "alli",
    // Italian
    "di che e la il un a per in una mi sono ho non ma lo ha le si ti i con cosa se io come da ci no questo qui hai "
    "sei del bene tu "
    "mio solo me tutto te piu della era gli so quando sua anche fatto alla perche dove chi mia due po essere molto al "
    "stato ora "
    "suo va fare allora dei ne nel nella delle dello degli sul sulla dal dalla dalle dai ai agli alle anni oggi "
    "domani ieri "
    "questa questi queste quello quella quelli grazie ciao buongiorno sempre mai ancora gia poi prima dopo senza "
    "tutti tutte "
    "nostro nostra loro lui lei noi voi siamo siete hanno abbiamo aveva ogni altro altra altri niente nulla proprio "
    "cosi quindi "
    "pero invece meno troppo tanto grande nuovo governo buona scuola via stata stati fa sta sto stai vuole puo",
    // Portuguese
    "de a o que e do da em um para com nao uma os no se na por mais as dos como mas ao ele das a seu sua ou quando "
    "muito nos ja eu "
    "tambem so pelo pela ate isso ela entre depois sem mesmo aos seus quem nas me esse eles voce essa num nem suas "
    "meu minha "
    "numa pelos elas qual nos lhe deles estou estas esta estamos estao foi era ser tem tenho ter vou vai vamos fazer "
    "aqui la "
    "hoje amanha ontem obrigado obrigada bom boa dia noite tudo nada agora sempre nunca porque pra pro ta to eh vc "
    "vcs tb mt "
    "meus minhas gente cara ainda cada todo toda todos todas assim ver quero acho ai ficar bem melhor coisa coisas "
    "mim ti sou "
    "sao teu tua seja nossa nosso outra outro pessoas fica onde quer sim",
};

struct Hash {
  std::size_t operator()(std::string_view word) const { return XXH3_64bits(word.data(), word.size()); }
};

using Table = boost::unordered_flat_set<std::string_view, Hash>;

Table make_table() {
  Table table;
  for (std::string_view rest : kWords) {
    while (!rest.empty()) {
      const std::size_t end = rest.find(' ');
      const std::string_view word = rest.substr(0, end);
      if (!word.empty()) table.insert(word);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
  }
  return table;
}

}  // namespace

bool is_function_word(std::string_view folded) {
  static const Table table = make_table();
  return table.contains(folded);
}

}  // namespace vigie
